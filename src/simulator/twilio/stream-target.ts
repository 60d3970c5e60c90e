import type { WebhookSender } from './webhook.ts';

export type StreamTarget =
  /** The signature is over the URL as it was written; where it leads from here may be another address. */
  | { readonly type: 'valid'; readonly signedUrl: string; readonly dialUrl: string }
  | { readonly type: 'invalid'; readonly code: number; readonly detail: string };

const HANDSHAKE_ERROR = 31_920;
const SCHEME_NOT_SUPPORTED = 31_922;

/** Where `<Stream url>` leads. */
export function streamTarget(
  written: string,
  documentUrl: string,
  carrier: { readonly sender: WebhookSender; readonly mediaWithoutTls: 'loopback' | 'never' },
): StreamTarget {
  const isAbsolute = /^[a-z][a-z\d+.-]*:/i.test(written);
  const signedUrl = isAbsolute ? written : new URL(written, documentUrl).href.replace(/^https?:/, 'wss:');
  if (!signedUrl.startsWith('wss:')) {
    return { type: 'invalid', code: SCHEME_NOT_SUPPORTED, detail: `stream url ${written} is not wss` };
  }
  if (signedUrl.includes('?')) {
    return { type: 'invalid', code: HANDSHAKE_ERROR, detail: 'stream url has a query string' };
  }
  const local = carrier.sender.route(signedUrl.replace(/^wss/, 'https'));
  const dialUrl = local.replace(/^http/, 'ws');
  const isLoopback = /^(127\.|localhost$|\[::1\]$)/.test(new URL(dialUrl).hostname);
  if (isLoopback && carrier.mediaWithoutTls === 'loopback') {
    return { type: 'valid', signedUrl, dialUrl: dialUrl.replace(/^wss/, 'ws') };
  }
  return { type: 'valid', signedUrl, dialUrl };
}
