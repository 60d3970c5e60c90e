import type { Logger } from 'pino';
import { KEY_WINDOW_MS, type KeyLimit } from '../business/identity/api-keys/limit-keys.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Config } from './config.ts';
import { RequestWindows } from '../platform/http/request-counter.ts';
import { SharedRequestCounter } from '../platform/http/shared-request-counter.ts';

/** Counts the requests of keys for all processes where there is Redis, else for this one; `stack` closes it. */
export function openKeyLimit(
  { redisUrl, limits }: Pick<Config, 'redisUrl' | 'limits'>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
  stack: AsyncDisposableStack,
): KeyLimit {
  const options = { clock, windowMs: KEY_WINDOW_MS };
  const counter =
    redisUrl === undefined
      ? new RequestWindows(options)
      : stack.use(new SharedRequestCounter({ ...options, redisUrl, logger }));
  return { counter, requestsPerMinute: limits.keyRequestsPerMinute };
}
