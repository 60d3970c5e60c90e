/** TwiML documents. Written by hand, because the vendor's builder takes 112 ms to load, and a webhook has 50 ms. */

/** Twilio strips the query from the stream's URL, so the token is a parameter. */
export const STREAM_TOKEN_PARAMETER = 'token';

/** Connects the call to the media socket; when the stream ends, Twilio requests `afterUrl`. */
export function connectStream(options: {
  readonly streamUrl: string;
  readonly token: string;
  readonly afterUrl: string;
}): string {
  const parameter = tag('Parameter', { name: STREAM_TOKEN_PARAMETER, value: options.token });
  const stream = tag('Stream', { url: options.streamUrl }, parameter);
  const connect = tag('Connect', { action: options.afterUrl, method: 'POST' }, stream);
  // `action` applies when the server closes the stream; one that never opened or broke continues with the next verb
  // [L19].
  return document(connect + redirectVerb(options.afterUrl));
}

/** Speaks a text with the carrier's own voice and hangs up. */
export function sayAndHangUp(options: { readonly text: string; readonly language: string }): string {
  return document(tag('Say', { language: options.language }, escapeXml(options.text)) + tag('Hangup', {}));
}

/** Dials a person; afterwards Twilio requests `afterUrl`, whatever the outcome. */
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

/** Also drops what XML 1.0 does not allow (control characters, lone surrogates, U+FFFE and U+FFFF). */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll(/[&<>"']/g, (character) => entities[character]!);
}
