/** What the server may send over a media stream; anything else is a warning in the carrier's debugger. */
export type StreamMessage =
  | { readonly event: 'media'; readonly mulaw: Uint8Array }
  | { readonly event: 'mark'; readonly name: string }
  | { readonly event: 'clear' }
  | { readonly event: 'invalid'; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;

const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Strict, as the carrier is: no field may be missing, and none be added. */
export function readStreamMessage(text: string, streamSid: string): StreamMessage {
  const message = parseFields(text);
  if (message === undefined) return invalid('not a JSON object');
  if (message['streamSid'] !== streamSid) return invalid('wrong streamSid');
  switch (message['event']) {
    case 'media': {
      const payload = innerField(message, 'media', 'payload');
      if (payload === undefined || !BASE64.test(payload)) return invalid('media without a base64 payload');
      return { event: 'media', mulaw: Buffer.from(payload, 'base64') };
    }
    case 'mark': {
      const name = innerField(message, 'mark', 'name');
      return name === undefined ? invalid('mark without a name') : { event: 'mark', name };
    }
    case 'clear':
      return hasOnly(message, ['event', 'streamSid']) ? { event: 'clear' } : invalid('extra field in clear');
    default:
      return invalid(`unknown event ${String(message['event'])}`);
  }
}

/** The only field of the only object besides event and streamSid. */
function innerField(message: Fields, objectName: string, fieldName: string): string | undefined {
  if (!hasOnly(message, ['event', 'streamSid', objectName])) return undefined;
  const inner = message[objectName];
  if (!isFields(inner) || !hasOnly(inner, [fieldName])) return undefined;
  const value = inner[fieldName];
  return typeof value === 'string' ? value : undefined;
}

function hasOnly(fields: Fields, names: readonly string[]): boolean {
  const present = Object.keys(fields);
  return present.length === names.length && names.every((name) => name in fields);
}

function parseFields(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(reason: string): StreamMessage {
  return { event: 'invalid', reason };
}
