import { describe, expect, it } from 'vitest';
import { FaultBook, isRefusal, type Refusal } from '../../simulator/faults.ts';

const refusal = (aim: Partial<Refusal>): Refusal => ({ type: 'refuse', status: 500, ...aim });

describe('the book of faults', () => {
  it('hits every n-th occasion, so many times', () => {
    const book = new FaultBook<Refusal>();
    book.set([refusal({ everyNth: 2, times: 2 })]);
    const hits = Array.from({ length: 8 }, () => book.strike(isRefusal) !== undefined);
    expect(hits).toEqual([false, true, false, true, false, false, false, false]);
  });

  it('hits, and counts, only what mentions the text it is aimed at', () => {
    const book = new FaultBook<Refusal>();
    book.set([refusal({ where: 'keyterm=blue', everyNth: 2 }), refusal({ status: 429, where: 'green' })]);
    const at = (text: string): number | undefined => book.about(text).strike(isRefusal)?.status;
    expect(at('/v2/listen?keyterm=red')).toBeUndefined();
    expect(at('/v2/listen?keyterm=blue')).toBeUndefined();
    expect(at('/v2/listen?keyterm=red')).toBeUndefined();
    expect(at('/v2/listen?keyterm=blue')).toBe(500);
    expect(at('/v2/listen?keyterm=green')).toBe(429);
  });

  it('starts counting again with a new list', () => {
    const book = new FaultBook<Refusal>();
    book.set([refusal({ times: 1 })]);
    expect(book.strike(isRefusal)).toBeDefined();
    expect(book.strike(isRefusal)).toBeUndefined();
    book.set([refusal({ times: 1 })]);
    expect(book.strike(isRefusal)).toBeDefined();
  });
});
