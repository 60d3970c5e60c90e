import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InvalidInput } from '../../../src/platform/process/errors.ts';
import { decodeCursor, encodeCursor, toPage } from '../../../src/platform/data/paging.ts';

describe('a cursor', () => {
  it('gives back the key it was made of', () => {
    const key = z.tuple([z.string(), z.number()]);
    fc.assert(
      fc.property(fc.tuple(fc.string(), fc.integer()), (value) => {
        expect(decodeCursor(encodeCursor(value), key)).toEqual(value);
      }),
    );
  });

  it('is refused by name when it is none, or another list’s', () => {
    const key = z.tuple([z.string()]);
    for (const cursor of ['', 'nonsense', '!!', encodeCursor([1]), encodeCursor(['a', 'b'])]) {
      expect(() => decodeCursor(cursor, key)).toThrow(InvalidInput);
    }
  });
});

describe('a page', () => {
  const page = (rows: string[], limit: number) =>
    toPage(
      rows,
      limit,
      (row) => [row],
      (row) => row.toUpperCase(),
    );

  it('points behind its last row when there was one row more', () => {
    expect(page(['a', 'b', 'c'], 2)).toEqual({ data: ['A', 'B'], nextCursor: encodeCursor(['b']) });
  });

  it('is the last when there was not', () => {
    expect(page(['a', 'b'], 2)).toEqual({ data: ['A', 'B'], nextCursor: null });
    expect(page([], 2)).toEqual({ data: [], nextCursor: null });
  });
});
