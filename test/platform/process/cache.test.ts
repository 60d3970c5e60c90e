import { describe, expect, it, vi } from 'vitest';
import { createLoadingCache } from '../../../src/platform/process/cache.ts';
import { FakeClock } from '../../support/fake-clock.ts';

interface Loaded {
  readonly text: string;
}
type Load = () => Promise<Loaded | undefined>;

function aCache(maxEntries = 10) {
  const clock = new FakeClock();
  const cache = createLoadingCache<Loaded, Load>({
    clock,
    keepMs: 5_000,
    maxEntries,
    load: (load) => load(),
  });
  const get = async (key: string, load: Load): Promise<string | undefined> =>
    (await cache.fetch(key, { context: load }))?.text;
  return { clock, cache, get };
}

const loaded =
  (text: string): Load =>
  () =>
    Promise.resolve({ text });

describe('a loading cache', () => {
  it('loads once what is asked often, until its time is over', async () => {
    const { clock, get } = aCache();
    const load = vi.fn<Load>(loaded('a'));
    await Promise.all([get('k', load), get('k', load)]);
    clock.advance(4_999);
    expect(await get('k', load)).toBe('a');
    expect(load).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await get('k', load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('stores neither what is not there nor what failed', async () => {
    const { get } = aCache();
    expect(await get('k', () => Promise.resolve(undefined))).toBeUndefined();
    await expect(get('k', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await get('k', loaded('now'))).toBe('now');
  });

  it('does not store what was being loaded when it was cleared', async () => {
    const { cache, get } = aCache();
    const { promise, resolve } = Promise.withResolvers<Loaded>();
    const before = get('k', () => promise);
    cache.clear();
    expect(await get('k', loaded('new'))).toBe('new');
    resolve({ text: 'old' });
    expect(await before).toBe('old');
    expect(await get('k', () => Promise.reject(new Error('not asked')))).toBe('new');
  });

  it('is bounded: the least recently used goes first', async () => {
    const { get } = aCache(2);
    for (const key of ['a', 'b', 'c']) await get(key, loaded(key));
    const load = vi.fn<Load>(loaded('again'));
    expect(await get('c', load)).toBe('c');
    expect(await get('b', load)).toBe('b');
    expect(await get('a', load)).toBe('again');
  });
});
