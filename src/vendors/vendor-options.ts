import type { Logger } from 'pino';
import type { Clock } from '../platform/process/clock.ts';

/** Options of every adapter. The key must not appear in errors or logs. */
export interface VendorOptions {
  readonly apiKey: string;
  /** http(s), a path prefix is kept; sockets use the ws(s) form of it. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly logger?: Pick<Logger, 'debug' | 'warn'>;
}

/** The URL of a vendor's socket under its base address. A list repeats its key. */
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

/** Removes the key from a text, because vendors quote a refused key and errors are logged. */
export function withoutSecret(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '***');
}
