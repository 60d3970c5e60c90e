import type { WebhookSender } from './webhook.ts';

export type StreamTarget =
  /** The signature is over the URL as it was written; the address to connect to may be another one. */
  | { readonly type: 'valid'; readonly signedUrl: string; readonly dialUrl: string }
  | { readonly type: 'invalid'; readonly code: number; readonly detail: string };

const HANDSHAKE_ERROR = 31_920;
const SCHEME_NOT_SUPPORTED = 31_922;

/**
 * Resolves `<Stream url>`. Only wss is allowed; on one machine, without certificates, a loopback address may also use
 * ws, and is connected without TLS in both cases. The signature is always over the wss form.
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
