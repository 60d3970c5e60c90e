/** The documents we answer with. Written by hand: the vendor's builder costs 112 ms to load, the webhook has 50. */

/** Twilio strips a query from the stream's URL, so what the stream must show travels as a parameter. */
export const STREAM_TOKEN_PARAMETER = 'token';

/** Joins the call to our media socket; when the stream ends, `afterUrl` is asked what comes next. */
export function connectStream(options: {
  readonly streamUrl: string;
  readonly token: string;
  readonly afterUrl: string;
}): string {
  const parameter = tag('Parameter', { name: STREAM_TOKEN_PARAMETER, value: options.token });
  const stream = tag('Stream', { url: options.streamUrl }, parameter);
  const connect = tag('Connect', { action: options.afterUrl, method: 'POST' }, stream);
  // `action` covers a stream that we close; a stream that never opened or broke falls through to the next verb [L19].
  return document(connect + redirectVerb(options.afterUrl));
}

/** Speaks a line in the carrier's own voice and hangs up. */
export function sayAndHangUp(options: { readonly text: string; readonly language: string }): string {
  return document(tag('Say', { language: options.language }, escapeXml(options.text)) + tag('Hangup', {}));
}

/** Rings a person; whatever comes of it, `afterUrl` is asked what comes next. */
export function dial(options: {
  readonly to: string;
  readonly afterUrl: string;
  readonly timeoutSeconds: number;
  readonly callerId?: string;
}): string {
  const attributes = {
    action: options.afterUrl,
    method: 'POST',
    timeout: String(options.timeoutSeconds),
    answerOnBridge: 'true',
    ...(options.callerId === undefined ? {} : { callerId: options.callerId }),
  };
  return document(tag('Dial', attributes, tag('Number', {}, escapeXml(options.to))));
}

export function hangUp(): string {
  return document(tag('Hangup', {}));
}

function redirectVerb(url: string): string {
  return tag('Redirect', { method: 'POST' }, escapeXml(url));
}

function document(verbs: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`;
}

/** `content` is markup already. */
function tag(name: string, attributes: Readonly<Record<string, string>>, content = ''): string {
  const written = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Also drops what XML 1.0 cannot hold in any form (control characters, lone surrogates, U+FFFE and U+FFFF). */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
