import { LRUCache } from 'lru-cache';
import type { Clock } from './clock.ts';

/** Options that make the entries of an lru-cache expire by a `Clock`. */
export function expireAfter(keepMs: number, clock: Clock) {
  return {
    // lru-cache drops an entry after its ttl, not at it.
    ttl: keepMs - 1,
    // lru-cache takes a start at 0 for a missing one.
    perf: { now: () => clock.nowMs() + 1 },
    // Otherwise lru-cache sets a timer whenever it reads the clock.
    ttlResolution: 0,
  };
}

export interface LoadingCacheOptions<Value extends object, Context> {
  readonly clock: Clock;
  readonly keepMs: number;
  /** Above this the least recently used entries are evicted. */
  readonly maxEntries: number;
  /** Undefined, like a failure, is not cached: unknown keys are unlimited, and may exist the next moment. */
  readonly load: (context: Context) => Promise<Value | undefined>;
}

/**
 * A read-through cache: `fetch` loads what is missing, and concurrent calls share one load. A load in progress when the
 * cache is cleared is returned to its callers and not cached.
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
