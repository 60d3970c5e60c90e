import type { Logger } from 'pino';
import type { Clock } from '../platform/process/clock.ts';

/** What every adapter is given. The key never leaves it: not into errors, not into logs. */
export interface VendorOptions {
  readonly apiKey: string;
  /** http(s), a path prefix is kept; sockets use the ws(s) form of it. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly logger?: Pick<Logger, 'debug' | 'warn'>;
}

/** The address of a vendor's socket under its (possibly moved) base address. Lists repeat their key. */
export function socketUrl(
  baseUrl: string,
  path: string,
  query: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>,
): string {
  const url = new URL(baseUrl);
  url.protocol = url.protocol === 'http:' || url.protocol === 'ws:' ? 'ws:' : 'wss:';
  url.pathname = url.pathname.replace(/\/+$/, '') + path;
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const item of Array.isArray(value) ? (value as readonly string[]) : [String(value)]) {
      url.searchParams.append(name, item);
    }
  }
  return url.href;
}

/** Vendors like to quote the key they refused; what goes into an error or a log must not. */
export function withoutSecret(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '***');
}
