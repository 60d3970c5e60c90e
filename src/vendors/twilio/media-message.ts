/** The messages on a Twilio media stream that are used. */
export type MediaMessage =
  | { readonly type: 'media'; readonly mulaw: Uint8Array; readonly offsetMs: number | undefined }
  | {
      readonly type: 'start';
      readonly streamSid: string;
      readonly callSid: string;
      readonly encoding: string | undefined;
      readonly customParameters: Readonly<Record<string, string>>;
    }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'stop' }
  /** Messages without effect: `connected`, the outbound track, unknown events. */
  | { readonly type: 'ignored' }
  | { readonly type: 'malformed' };

const IGNORED: MediaMessage = { type: 'ignored' };
const MALFORMED: MediaMessage = { type: 'malformed' };

/**
 * Reads one text frame; never throws. Fifty frames a second and call are media of one known shape, cut out of the
 * text without parsing it (0.5 µs instead of 1.4); any other form is parsed as JSON.
 * `streamSid` is undefined before `start`; afterwards a frame of another stream is malformed.
 */
export function parseMediaMessage(frame: string, streamSid: string | undefined): MediaMessage {
  if (streamSid !== undefined && frame.startsWith('{"event":"media"')) {
    const media = cutOutMedia(frame, streamSid);
    if (media !== undefined) return media;
  }
  return parseCarefully(frame, streamSid);
}

export function formatMedia(streamSid: string, mulaw: Uint8Array): string {
  const bytes = Buffer.from(mulaw.buffer, mulaw.byteOffset, mulaw.byteLength);
  return `{"event":"media","streamSid":"${streamSid}","media":{"payload":"${bytes.toString('base64')}"}}`;
}

export function formatMark(streamSid: string, name: string): string {
  return `{"event":"mark","streamSid":"${streamSid}","mark":{"name":${JSON.stringify(name)}}}`;
}

export function formatClear(streamSid: string): string {
  return `{"event":"clear","streamSid":"${streamSid}"}`;
}

function cutOutMedia(frame: string, streamSid: string): MediaMessage | undefined {
  if (!frame.endsWith('}') || !frame.includes(`"streamSid":"${streamSid}"`)) return undefined;
  if (!frame.includes('"track":"inbound"')) return undefined;
  const payload = quotedAfter(frame, '"payload":"');
  const timestamp = quotedAfter(frame, '"timestamp":"');
  // An escaped slash is legal JSON in base64; only the JSON parser decodes it.
  if (payload === undefined || timestamp === undefined || payload.includes('\\')) return undefined;
  const mulaw = decodeBase64(payload);
  return mulaw === undefined ? undefined : { type: 'media', mulaw, offsetMs: offset(timestamp) };
}

function quotedAfter(frame: string, opening: string): string | undefined {
  const found = frame.indexOf(opening);
  if (found < 0) return undefined;
  const from = found + opening.length;
  const to = frame.indexOf('"', from);
  return to < 0 ? undefined : frame.slice(from, to);
}

function parseCarefully(frame: string, streamSid: string | undefined): MediaMessage {
  const message = parseObject(frame);
  if (message === undefined || typeof message['event'] !== 'string') return MALFORMED;
  const sid = message['streamSid'];
  if (streamSid !== undefined && sid !== undefined && sid !== streamSid) return MALFORMED;
  const body = message[message['event']];
  switch (message['event']) {
    case 'media':
      return isObject(body) ? parseMedia(body) : MALFORMED;
    case 'start':
      return isObject(body) ? parseStart(body, sid) : MALFORMED;
    case 'dtmf':
      return isObject(body) && /^[0-9*#A-D]$/.test(textOf(body['digit']))
        ? { type: 'digit', digit: textOf(body['digit']) }
        : MALFORMED;
    case 'mark':
      return isObject(body) && typeof body['name'] === 'string'
        ? { type: 'mark', name: body['name'] }
        : MALFORMED;
    case 'stop':
      return { type: 'stop' };
    default:
      return IGNORED;
  }
}

function parseMedia(body: Readonly<Record<string, unknown>>): MediaMessage {
  if (typeof body['payload'] !== 'string') return MALFORMED;
  // Only forked streams carry the outbound track too.
  if (body['track'] === 'outbound') return IGNORED;
  const mulaw = decodeBase64(body['payload']);
  return mulaw === undefined ? MALFORMED : { type: 'media', mulaw, offsetMs: offset(body['timestamp']) };
}

function parseStart(body: Readonly<Record<string, unknown>>, envelopeSid: unknown): MediaMessage {
  const streamSid = textOf(body['streamSid'] ?? envelopeSid);
  const callSid = textOf(body['callSid']);
  // Ids are used unescaped in messages and logs, so characters that need escaping are refused.
  if (!/^\w{1,64}$/.test(streamSid) || !/^\w{1,64}$/.test(callSid)) return MALFORMED;
  const format = body['mediaFormat'];
  const parameters = isObject(body['customParameters']) ? body['customParameters'] : {};
  return {
    type: 'start',
    streamSid,
    callSid,
    encoding: isObject(format) && typeof format['encoding'] === 'string' ? format['encoding'] : undefined,
    customParameters: Object.fromEntries(
      Object.entries(parameters).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
  };
}

/** Undefined if any character is invalid, because Node's decoder silently skips what is not base64. */
function decodeBase64(text: string): Uint8Array | undefined {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const expectedBytes = Math.floor(((text.length - padding) * 3) / 4);
  if (expectedBytes === 0) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.byteLength === expectedBytes ? bytes : undefined;
}

/** Milliseconds since the stream's start, as text or number; undefined when it cannot be one. */
function offset(timestamp: unknown): number | undefined {
  const milliseconds = typeof timestamp === 'string' && timestamp !== '' ? Number(timestamp) : timestamp;
  return typeof milliseconds === 'number' && milliseconds >= 0 && milliseconds < MAX_OFFSET_MS
    ? milliseconds
    : undefined;
}

/** A call lasts 24 hours at most. */
const MAX_OFFSET_MS = 24 * 3_600_000;

function parseObject(frame: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(frame);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
