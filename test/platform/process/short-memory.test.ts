import { describe, expect, it, vi } from 'vitest';
import { ShortMemory } from '../../../src/platform/process/short-memory.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function aMemory(maxEntries = 10) {
  const clock = new FakeClock();
  return { clock, memory: new ShortMemory<string>({ clock, keepMs: 5_000, maxEntries }) };
}

describe('a short memory', () => {
  it('asks once for what is asked often, until its time is over', async () => {
    const { clock, memory } = aMemory();
    const load = vi.fn<() => Promise<string>>(() => Promise.resolve('a'));
    await Promise.all([memory.get('k', load), memory.get('k', load)]);
    clock.advance(4_999);
    expect(await memory.get('k', load)).toBe('a');
    expect(load).toHaveBeenCalledTimes(1);
    clock.advance(1);
    await memory.get('k', load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('keeps neither what is not there nor what failed', async () => {
    const { memory } = aMemory();
    expect(await memory.get('k', () => Promise.resolve(undefined))).toBeUndefined();
    await expect(memory.get('k', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await memory.get('k', () => Promise.resolve('now'))).toBe('now');
  });

  it('forgets a look-up that was under way when it was cleared', async () => {
    const { memory } = aMemory();
    const { promise, resolve } = Promise.withResolvers<string>();
    const before = memory.get('k', () => promise);
    memory.clear();
    expect(await memory.get('k', () => Promise.resolve('new'))).toBe('new');
    resolve('old');
    expect(await before).toBe('old');
    expect(await memory.get('k', () => Promise.reject(new Error('not asked')))).toBe('new');
  });

  it('is bounded: the oldest goes first', async () => {
    const { memory } = aMemory(2);
    for (const key of ['a', 'b', 'c']) await memory.get(key, () => Promise.resolve(key));
    const load = vi.fn<() => Promise<string>>(() => Promise.resolve('again'));
    expect(await memory.get('c', load)).toBe('c');
    expect(await memory.get('b', load)).toBe('b');
    expect(await memory.get('a', load)).toBe('again');
  });
});
