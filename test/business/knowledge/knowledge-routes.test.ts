import { beforeAll, describe, expect, it } from 'vitest';
import { KnowledgeLookup } from '../../../src/agent/knowledge/knowledge-lookup.ts';
import { KnowledgeSearch } from '../../../src/business/knowledge/knowledge.ts';
import { newId } from '../../../src/platform/data/ids.ts';
import type { CallId } from '../../../src/business/tenancy/ids/ids.ts';
import { VendorError } from '../../../src/platform/process/errors.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';
import { type Caller, type MemberCaller, useRestApp } from '../../support/rest-app.ts';
import { runKnowledgeJobs } from './run-jobs.ts';
import { WordEmbedder } from './word-embedder.ts';

const storage = new MemoryStorage();
const at = useRestApp();
let owner: MemberCaller;
let stranger: MemberCaller;
beforeAll(async () => {
  owner = await at.app.signUp();
  stranger = await at.app.signUp();
});

/** What these routes answer with, as far as it is used below. */
interface Body {
  readonly id: string;
  readonly progress: { readonly passages: number };
  readonly data: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

async function send(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
  caller: Caller = owner,
) {
  const response = await at.app.inject({
    method,
    url,
    headers: caller.headers,
    ...(payload === undefined ? {} : { payload }),
  });
  const body: unknown = response.body === '' ? undefined : response.json();
  return { status: response.statusCode, body: body as Body, headers: response.headers };
}

async function write(title: string, text: string, caller: Caller = owner): Promise<string> {
  return (await send('POST', '/v1/knowledge/entries', { title, text }, caller)).body.id;
}

const runJobs = (embedder?: WordEmbedder) => runKnowledgeJobs(at.app.db, { storage, embedder });

interface Found {
  readonly answered: boolean;
  readonly mode: string;
  readonly data: readonly { readonly source: { readonly id: string }; readonly text: string }[];
}

async function search(question: string, caller: Caller = owner): Promise<Found> {
  const { body } = await send(
    'GET',
    `/v1/knowledge/search?q=${encodeURIComponent(question)}`,
    undefined,
    caller,
  );
  return body as unknown as Found;
}

describe('entries', () => {
  it('are found by their words as soon as they are written, and ready a moment later', async () => {
    const made = await send('POST', '/v1/knowledge/entries', {
      title: 'Do you rent out bicycles?',
      text: 'Yes, city bicycles are 18 dollars a day.',
    });
    expect(made).toMatchObject({
      status: 201,
      body: { status: 'embedding', language: 'en', progress: { passages: 1, embedded: 0 } },
    });
    const { data, answered, mode } = await search('can I rent a bicycle');
    expect(data[0]).toMatchObject({
      source: { type: 'entry', id: made.body.id, title: 'Do you rent out bicycles?' },
      text: 'Yes, city bicycles are 18 dollars a day.',
    });
    expect({ answered, mode }).toEqual({ answered: true, mode: 'text' });
    await runJobs(new WordEmbedder());
    const { body } = await send('GET', `/v1/knowledge/entries/${made.body.id}`);
    expect(body).toMatchObject({ status: 'ready', progress: { passages: 1, embedded: 1 } });
  });

  it('are changed by who has read them last, and found in their new words', async () => {
    const id = await write('Parking', 'Behind the house.');
    const url = `/v1/knowledge/entries/${id}`;
    const { headers } = await send('GET', url);
    await runJobs();
    const match = { 'if-match': String(headers['etag']) };
    const change = (text: string) =>
      at.app.inject({ method: 'PATCH', url, headers: { ...owner.headers, ...match }, payload: { text } });
    // That it was embedded meanwhile is nobody's change.
    expect((await change('Across the quay.')).statusCode).toBe(200);
    expect((await change('Nowhere.')).statusCode).toBe(412);
    expect((await search('quay')).data[0]).toMatchObject({ source: { id } });
    expect((await search('behind the house')).data).toEqual([]);
  });

  it('count what people change in their ETag, and not what jobs or a resync do', async () => {
    const made = await send('POST', '/v1/knowledge/entries', { title: 'Lockers', text: 'By the door.' });
    const url = `/v1/knowledge/entries/${made.body.id}`;
    expect(made.headers['etag']).toBe('W/"1"');
    await runJobs(new WordEmbedder());
    expect((await send('POST', `${url}/resync`)).headers['etag']).toBe('W/"1"');
    expect((await send('PATCH', url, { text: 'By the stairs.' })).headers['etag']).toBe('W/"2"');
    await runJobs(new WordEmbedder());
    const { headers, body } = await send('GET', url);
    expect(headers['etag']).toBe('W/"2"');
    expect(body).toMatchObject({ status: 'ready', progress: { passages: 1, embedded: 1 } });
  });

  it('are kept whole when long, in passages under their title', async () => {
    const text = Array.from({ length: 200 }, (_, index) => `Rule ${index} is about zebra${index}.`).join(
      '\n',
    );
    const made = await send('POST', '/v1/knowledge/entries', { title: 'House rules', text });
    expect(made.body.progress.passages).toBeGreaterThan(3);
    expect((await search('zebra137')).data[0]).toMatchObject({ headingPath: 'House rules' });
  });

  it('are refused without a text, and made once for one key', async () => {
    const empty = await send('POST', '/v1/knowledge/entries', { title: 'x', text: ' \u0000 ' });
    expect(empty.status).toBe(400);
    const headers = { ...owner.headers, 'idempotency-key': 'once' };
    const payload = { title: 'Once', text: 'Only once.' };
    const post = () => at.app.inject({ method: 'POST', url: '/v1/knowledge/entries', headers, payload });
    const [first, second] = [await post(), await post()];
    expect(second.json()).toEqual(first.json());
  });

  it('are listed newest first in pages, and gone when removed', async () => {
    const id = await write('Umbrellas', 'Are lent for free.');
    const list = (cursor = '') => send('GET', `/v1/knowledge/entries?limit=2${cursor}`);
    const first = await list();
    expect(first.body.data[0]).toMatchObject({ id });
    const second = await list(`&cursor=${first.body.nextCursor}`);
    const ids = [first, second].flatMap(({ body }) => body.data.map((entry) => entry.id));
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
    expect((await send('DELETE', `/v1/knowledge/entries/${id}`)).status).toBe(204);
    expect((await search('umbrellas')).data).toEqual([]);
    expect((await send('GET', `/v1/knowledge/entries/${id}`)).status).toBe(404);
  });

  it('say what failed when they could not be embedded, are found all the same, and can be synced again', async () => {
    await runJobs();
    const id = await write('Lost property', 'Is kept for a quarter.');
    const embedder = new WordEmbedder();
    embedder.failWith = new VendorError('openai', 'status 500', { code: '500', isRetryable: true });
    await expect(runJobs(embedder)).rejects.toThrow('status 500');
    const url = `/v1/knowledge/entries/${id}`;
    expect((await send('GET', url)).body).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('found by its words'),
    });
    expect((await search('lost property')).data[0]).toMatchObject({ source: { id } });
    expect((await send('POST', `${url}/resync`)).status).toBe(202);
    await runJobs(new WordEmbedder());
    expect((await send('GET', url)).body).toMatchObject({ status: 'ready', failure: null });
  });

  it('leave a trace of each change, of who made it', async () => {
    await write('Trace', 'Of a change.');
    const { body } = await send('GET', '/v1/audit-log?limit=1');
    expect(body.data[0]).toMatchObject({
      action: 'knowledge-entry.created',
      actor: { id: owner.memberId },
      after: { title: 'Trace' },
    });
  });

  it('leave in the audit log what was changed, and whether they were indexed anew or removed', async () => {
    const url = `/v1/knowledge/entries/${await write('Trail', 'Of changes.')}`;
    await send('PATCH', url, { text: 'Of all changes.' });
    await send('POST', `${url}/resync`);
    await send('DELETE', url);
    const { body } = await send('GET', '/v1/audit-log?limit=4');
    expect(body.data).toMatchObject([
      {
        action: 'knowledge-entry.removed',
        before: { title: 'Trail', text: 'Of all changes.', language: 'en' },
      },
      { action: 'knowledge-entry.resynced', before: {}, after: {} },
      {
        action: 'knowledge-entry.changed',
        resource: 'knowledge-entry',
        before: { text: 'Of changes.' },
        after: { text: 'Of all changes.' },
      },
      {
        action: 'knowledge-entry.created',
        after: { title: 'Trail', text: 'Of changes.', language: 'en' },
      },
    ]);
  });

  it('leave in the audit log that a long text was changed at its end', async () => {
    const priced = (price: number): string => `${'Terms. '.repeat(400)}It costs ${price} dollars.`;
    const url = `/v1/knowledge/entries/${await write('Terms', priced(18))}`;
    await send('PATCH', url, { text: priced(20) });
    const { body } = await send('GET', '/v1/audit-log?limit=1');
    const [entry] = body.data as unknown as { before: { text: string }; after: { text: string } }[];
    expect(entry!.before.text).toMatch(/^Terms\. .*… \(2820 characters\)/);
    expect(entry!.before.text).not.toBe(entry!.after.text);
  });

  it('are written by those who may', async () => {
    const viewer = await at.app.memberWith('viewer', owner.tenantId);
    const refused = await send('POST', '/v1/knowledge/entries', { title: 'x', text: 'y' }, viewer);
    expect(refused.status).toBe(403);
    expect((await send('GET', '/v1/knowledge/search?q=bicycle', undefined, viewer)).status).toBe(200);
  });
});

describe('the search', () => {
  it('shows nothing of another tenant, by words or by meaning', async () => {
    const embedder = new WordEmbedder();
    await write('Secret recipe', 'Cinnamon and cardamom.');
    await write('Public recipe', 'Salt.', stranger);
    await runJobs(embedder);
    const { tenancy, clock } = at.app;
    const hybrid = new KnowledgeSearch({ tenancy, clock, embedder, onError: () => undefined });
    const request = { question: 'Secret recipe cinnamon cardamom', limit: 10, deadlineMs: 1_000 };
    const theirs = await hybrid.search(stranger.tenantId, request);
    expect(theirs).toMatchObject({ mode: 'hybrid' });
    expect(theirs.passages.map(({ title }) => title)).toEqual(['Public recipe']);
    const ours = await hybrid.search(owner.tenantId, request);
    expect(ours.passages[0]).toMatchObject({ title: 'Secret recipe', body: 'Cinnamon and cardamom.' });
    expect(ours.passages.map(({ title }) => title)).not.toContain('Public recipe');
  });

  it('puts what has the rare words of a question above what has the common ones', async () => {
    for (let index = 0; index < 8; index += 1)
      await write(`Cost of part ${index}`, 'It costs what it costs.');
    await write('Tubeless', 'Tubeless conversion costs 40 dollars.');
    const { data } = await search('what does it cost to go tubeless');
    expect(data[0]).toMatchObject({ text: 'Tubeless conversion costs 40 dollars.' });
  });

  it('says that nothing fits when only a common word does', async () => {
    expect(await search('do you have part numbers for helicopter rotor blades')).toMatchObject({
      answered: false,
    });
    expect(await search('???')).toMatchObject({ answered: false, data: [] });
  });

  it('finds Arabic however it is written, and digits however they are said', async () => {
    const made = await send('POST', '/v1/knowledge/entries', {
      title: 'إصلاح الدراجات',
      text: 'نُصلِح الدراجات يوم الأحد من ٩ صباحًا.',
      language: 'ar',
    });
    expect((await search('اصلاح الدراجات')).data[0]).toMatchObject({ source: { id: made.body.id } });
    const id = await write('Key code', 'Locker 447 is ours.');
    expect((await search('what is locker double four seven')).data[0]).toMatchObject({ source: { id } });
  });

  it('answers by words where two models’ vectors would have to be compared', async () => {
    await write('Velodrome', 'We ride there on Fridays.');
    await runJobs(new WordEmbedder());
    const { tenancy, clock } = at.app;
    const later = new KnowledgeSearch({
      tenancy,
      clock,
      embedder: new WordEmbedder('other/512'),
      onError: () => undefined,
    });
    const { passages } = await later.search(owner.tenantId, {
      question: 'velodrome',
      limit: 3,
      deadlineMs: 1_000,
    });
    expect(passages).toMatchObject([{ title: 'Velodrome', similarity: null }]);
  });
});

describe('what callers ask', () => {
  const unanswerable = 'Do you sell unicycles to 0170 1234567 or kim@example.com?';

  async function ask(question: string, callId: CallId = newId('call')): Promise<CallId> {
    const { tenancy, clock } = at.app;
    const byWords = new KnowledgeSearch({ tenancy, clock, embedder: undefined, onError: () => undefined });
    const errors: unknown[] = [];
    {
      await using lookup = new KnowledgeLookup({
        tenancy,
        search: byWords,
        onError: (error) => errors.push(error),
      });
      const { tenantId } = owner;
      await lookup.find(question, {
        tenantId,
        language: 'en-US',
        conversation: callId,
        callId,
        askedAt: clock.date(),
      });
    }
    expect(errors).toEqual([]);
    return callId;
  }

  interface QuestionView {
    readonly id: string;
    readonly question: string;
    readonly askedCount: number;
  }

  async function list(query = ''): Promise<QuestionView[]> {
    return (await send('GET', `/v1/knowledge/questions?${query}`)).body.data as QuestionView[];
  }

  it('is counted once a call, in whatever form, without what says who asked', async () => {
    const first = await ask('Are you open on Sundays?');
    await ask('are you open sunday', first);
    await ask('Do you open on Sunday?');
    await ask(unanswerable);
    await ask('Can I rent a bicycle?');
    const [most] = await list();
    expect(most).toMatchObject({ question: 'Do you open on Sunday?', askedCount: 2, unansweredCount: 2 });
    const unanswered = await list('unanswered=true&order=unanswered');
    expect(unanswered.map(({ question }) => question)).toEqual([
      'Do you open on Sunday?',
      'Do you sell unicycles to … or …',
    ]);
    expect(await list('unanswered=false')).toMatchObject([{ question: 'Can I rent a bicycle?' }]);
    expect(await send('GET', '/v1/knowledge/questions', undefined, stranger)).toMatchObject({
      body: { data: [] },
    });
  });

  it('is listed in pages in each order, nothing twice', async () => {
    for (const order of ['asked', 'unanswered', 'latest']) {
      const seen: string[] = [];
      for (let cursor = ''; ;) {
        const { body } = await send('GET', `/v1/knowledge/questions?order=${order}&limit=1${cursor}`);
        seen.push(...(body.data as QuestionView[]).map(({ id }) => id));
        if (body.nextCursor === null) break;
        cursor = `&cursor=${body.nextCursor}`;
      }
      expect([order, seen.length, new Set(seen).size]).toEqual([order, 3, 3]);
    }
  });

  it('leads to the calls it was asked in', async () => {
    const callId = await ask('Is there a bus stop nearby?');
    const found = (await list('order=latest'))[0]!;
    const { body } = await send('GET', `/v1/knowledge/questions/${found.id}`);
    expect(body).toMatchObject({ conversations: [{ callId, answered: false }] });
    const foreign = await send('GET', `/v1/knowledge/questions/${found.id}`, undefined, stranger);
    expect(foreign.status).toBe(404);
  });

  it('is answered by an entry, which the next caller is told', async () => {
    const [question] = await list('order=unanswered');
    const url = `/v1/knowledge/questions/${question!.id}`;
    const made = await send('POST', `${url}/answer`, { text: 'On Sundays we are closed.' });
    expect(made).toMatchObject({ status: 201, body: { title: 'Do you open on Sunday?' } });
    expect((await send('GET', url)).body).toMatchObject({ status: 'answered', entryId: made.body.id });
    await ask('Are you open on Sundays?');
    expect((await send('GET', url)).body).toMatchObject({
      status: 'answered',
      askedCount: 3,
      unansweredCount: 2,
    });
    expect((await send('POST', `${url}/answer`, { text: 'Again.' })).status).toBe(409);
    await send('DELETE', `/v1/knowledge/entries/${made.body.id}`);
    await ask('Are you open on Sundays?');
    expect((await send('GET', url)).body).toMatchObject({ status: 'open', unansweredCount: 3 });
  });

  it('can be put aside', async () => {
    const [question] = await list('status=open&order=latest');
    const url = `/v1/knowledge/questions/${question!.id}`;
    expect((await send('PATCH', url, { status: 'dismissed' })).body).toMatchObject({ status: 'dismissed' });
    expect((await list('status=dismissed')).map(({ id }) => id)).toEqual([question!.id]);
    expect((await send('PATCH', url, { status: 'answered' })).status).toBe(400);
  });
});
