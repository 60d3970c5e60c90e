import type { AgentId } from '../../tenancy/ids/ids.ts';

export interface SnippetOptions {
  readonly publicUrl: string;
  readonly agentId: AgentId;
  /** The last characters of the key, which itself is not stored. */
  readonly keyHint: string;
}

/**
 * HTML of a chat with an agent, for a web page: one element without other files. The conversation lasts as long as the
 * page is open, and answers are inserted as text, never as HTML.
 */
export function embedSnippet({ publicUrl, agentId, keyHint }: SnippetOptions): string {
  return `<!-- Put your key in place of PASTE-THE-KEY-ENDING-IN-${keyHint}; the page's origin has to be in CORS_ORIGINS. -->
<div id="parley-chat" data-url="${publicUrl}/v1/chat/messages" data-agent="${agentId}" data-key="PASTE-THE-KEY-ENDING-IN-${keyHint}">
  <div role="log" aria-live="polite"></div>
  <form>
    <input name="text" aria-label="Message" maxlength="8000" autocomplete="off" required>
    <button>Send</button>
  </form>
</div>
<script>
(() => {
  const chat = document.getElementById('parley-chat');
  const [log, form] = chat.children;
  const { url, agent, key } = chat.dataset;
  let conversationId;
  const show = (who, text) => {
    const line = document.createElement('p');
    line.className = who;
    line.textContent = text;
    log.append(line);
  };
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const content = form.elements.text.value.trim();
    if (content === '') return;
    form.reset();
    show('visitor', content);
    const place = conversationId === undefined ? { remember: true } : { conversationId };
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization: 'Bearer ' + key, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ agentId: agent, messages: [{ role: 'user', content }], ...place }),
      });
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.detail);
      conversationId = answer.conversationId ?? undefined;
      if (answer.message) show('agent', answer.message.content);
    } catch {
      show('problem', 'This could not be sent. Please try again.');
    }
  });
})();
</script>`;
}
