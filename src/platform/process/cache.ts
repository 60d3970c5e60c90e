import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

/** Options that make the entries of an lru-cache expire by a `Clock`. */
export function expireAfter(keepMs: number, clock: Clock) {
  return {
    // lru-cache drops an entry after its ttl, not at it.
    ttl: keepMs - 1,
    // lru-cache takes a start at 0 for none.
    perf: { now: () => clock.nowMs() + 1 },
    // Otherwise it sets a timer of its own whenever it reads the clock.
    ttlResolution: 0,
  };
}

export interface LoadingCacheOptions<Value extends object, Context> {
  readonly clock: Clock;
  readonly keepMs: number;
  /** Past this the least recently used entries go. */
  readonly maxEntries: number;
  /** Undefined, like a failure, is not stored: keys nobody has are endless, and may exist the next moment. */
  readonly load: (context: Context) => Promise<Value | undefined>;
}

/**
 * A cache that loads what is missing when it is asked with `fetch`; those who ask at the same time share one load.
 * What is being loaded as the cache is cleared goes to whoever asked for it and is not stored.
 */
export function createLoadingCache<Value extends object, Context>(
  options: LoadingCacheOptions<Value, Context>,
): LRUCache<string, Value, Context> {
  const { clock, keepMs, maxEntries, load } = options;
  return new LRUCache<string, Value, Context>({
    max: maxEntries,
    ...expireAfter(keepMs, clock),
    fetchMethod: (_key, _stale, { context }) => load(context),
    ignoreFetchAbort: true,
  });
}
