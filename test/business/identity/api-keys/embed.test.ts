import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedSnippet } from '../../../../src/business/identity/api-keys/embed-snippet.ts';
import { newId } from '../../../../src/platform/data/ids.ts';
import { type MemberCaller, useRestApp } from '../../../support/rest-app.ts';

const at = useRestApp();
const agentId = newId('agt');

let owner: MemberCaller;
beforeAll(async () => {
  owner = await at.app.signUp();
});

async function embedOf(scopes: readonly string[]) {
  const made = await at.app.inject({
    method: 'POST',
    url: '/v1/api-keys',
    headers: owner.headers,
    payload: { name: 'Web', scopes },
  });
  const { id, key } = made.json<{ id: string; key: string }>();
  const url = `/v1/api-keys/${id}/embed?agentId=${agentId}`;
  return { key, id, response: await at.app.inject({ url, headers: owner.headers }) };
}

/** The page's script on a page of four elements: what a visitor sends, what is fetched, and what is shown. */
function aPage(answer: { readonly ok: boolean; readonly body: object }) {
  const html = embedSnippet({ publicUrl: 'https://line.example', agentId, keyHint: 'x7Qa' });
  const script = /<script>([\s\S]*)<\/script>/.exec(html)![1]!;
  const dataset = Object.fromEntries(
    [...html.matchAll(/data-(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const shown: { className: string; textContent: string }[] = [];
  const fetched: { url: string; headers: Record<string, string>; body: unknown }[] = [];
  let submit: (event: { preventDefault(): void }) => Promise<void> = () => Promise.resolve();
  const text = { value: '' };
  const form = {
    addEventListener: (_: string, listener: typeof submit) => (submit = listener),
    elements: { text },
    reset: () => (text.value = ''),
  };
  const log = { append: (line: (typeof shown)[number]) => shown.push(line) };
  runInNewContext(script, {
    document: { getElementById: () => ({ children: [log, form], dataset }), createElement: () => ({}) },
    fetch(url: string, { headers, body }: { headers: Record<string, string>; body: string }) {
      fetched.push({ url, headers, body: JSON.parse(body) as unknown });
      return Promise.resolve({ ok: answer.ok, json: () => Promise.resolve(answer.body) });
    },
  });
  const write = async (message: string): Promise<void> => {
    text.value = message;
    await submit({ preventDefault: () => undefined });
  };
  return { write, shown, fetched };
}

describe('the snippet for a web page', () => {
  it('is made for a key that chats and can do nothing else, and does not hold the key', async () => {
    const { response, key } = await embedOf(['chat:write']);
    const { html } = response.json<{ html: string }>();
    expect(html).toContain('data-url="http://localhost:3000/v1/chat/messages"');
    expect(html).toContain(agentId);
    expect(html).toContain(`PASTE-THE-KEY-ENDING-IN-${key.slice(-4)}`);
    expect(html).not.toContain(key);
  });

  it('is refused for a key that could do more, was revoked, or for what is no agent', async () => {
    expect((await embedOf(['chat:write', 'calls:read'])).response.statusCode).toBe(409);
    const { id } = await embedOf(['chat:write']);
    const embed = `/v1/api-keys/${id}/embed`;
    const { headers } = owner;
    for (const query of ['', '?agentId=%3Cscript%3E', '?agentId=x']) {
      expect((await at.app.inject({ url: `${embed}${query}`, headers })).statusCode).toBe(400);
    }
    await at.app.inject({ method: 'DELETE', url: `/v1/api-keys/${id}`, headers });
    expect((await at.app.inject({ url: `${embed}?agentId=${agentId}`, headers })).statusCode).toBe(409);
  });

  it('writes to the agent in one conversation, and shows the answers as text', async () => {
    const message = { role: 'assistant', content: '<b>Yes</b>' };
    const page = aPage({ ok: true, body: { conversationId: 'cnv_1', message } });
    await page.write(' Are you open? ');
    await page.write('And Sunday?');
    expect(page.fetched).toEqual([
      {
        url: 'https://line.example/v1/chat/messages',
        headers: {
          authorization: 'Bearer PASTE-THE-KEY-ENDING-IN-x7Qa',
          'content-type': 'application/json',
          accept: 'application/json',
        },
        body: { agentId, messages: [{ role: 'user', content: 'Are you open?' }], remember: true },
      },
      expect.objectContaining({
        body: { agentId, messages: [{ role: 'user', content: 'And Sunday?' }], conversationId: 'cnv_1' },
      }),
    ]);
    expect(page.shown.slice(0, 2)).toEqual([
      { className: 'visitor', textContent: 'Are you open?' },
      { className: 'agent', textContent: '<b>Yes</b>' },
    ]);
  });

  it('says so when a message could not be sent', async () => {
    const page = aPage({ ok: false, body: { detail: 'secret reason' } });
    await page.write('Hello');
    expect(page.shown.at(-1)).toMatchObject({ className: 'problem' });
    expect(JSON.stringify(page.shown)).not.toContain('secret');
  });
});
