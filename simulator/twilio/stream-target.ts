import type { WebhookSender } from './webhook.ts';

export type StreamTarget =
  /** The signature is over the URL as it was written; where it leads from here may be another address. */
  | { readonly type: 'valid'; readonly signedUrl: string; readonly dialUrl: string }
  | { readonly type: 'invalid'; readonly code: number; readonly detail: string };

const HANDSHAKE_ERROR = 31_920;
const SCHEME_NOT_SUPPORTED = 31_922;

/**
 * Where `<Stream url>` leads. Only wss is allowed; on one machine, where nobody has a certificate, a loopback address
 * may say ws, and is reached without TLS whatever it says. The signature is over the wss form in any case.
 */
export function streamTarget(
  written: string,
  documentUrl: string,
  carrier: { readonly sender: WebhookSender; readonly mediaWithoutTls: 'loopback' | 'never' },
): StreamTarget {
  const isAbsolute = /^[a-z][a-z\d+.-]*:/i.test(written);
  const url = isAbsolute ? written : new URL(written, documentUrl).href.replace(/^https?:/, 'wss:');
  const isPlainAllowed = carrier.mediaWithoutTls === 'loopback' && isLoopback(url);
  if (!url.startsWith('wss:') && !(isPlainAllowed && url.startsWith('ws:'))) {
    return { type: 'invalid', code: SCHEME_NOT_SUPPORTED, detail: `stream url ${url} is not wss` };
  }
  if (url.includes('?')) {
    return { type: 'invalid', code: HANDSHAKE_ERROR, detail: 'stream url has a query string' };
  }
  const signedUrl = url.replace(/^ws:/, 'wss:');
  const routed = carrier.sender.route(signedUrl.replace(/^wss/, 'https')).replace(/^http/, 'ws');
  const isPlain = carrier.mediaWithoutTls === 'loopback' && isLoopback(routed);
  return { type: 'valid', signedUrl, dialUrl: isPlain ? routed.replace(/^wss/, 'ws') : routed };
}

function isLoopback(url: string): boolean {
  return /^(127\.|localhost$|\[::1\]$)/.test(URL.parse(url)?.hostname ?? '');
}
