import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuse } from '../../../src/business/knowledge/search/fuse.ts';
import { withoutPersonalData } from '../../../src/business/knowledge/questions/record-question.ts';
import {
  normaliseForSearch,
  normaliseQuestion,
  textConfiguration,
} from '../../../src/business/knowledge/indexing/search-text.ts';

describe('words as they are searched', () => {
  it.each([
    ['locker double four seven', 'locker 447'],
    ['five five oh one please', '5501 please'],
    ['triple nine', '999'],
    ['one bicycle for two', 'one bicycle for two'],
    ['Order ٤٢', 'order 42'],
  ])('turn %j into %j', (said, searched) => {
    expect(normaliseQuestion(said)).toBe(searched);
  });

  it('are the same after they were normalised once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const once = normaliseForSearch(text);
        expect(normaliseForSearch(once)).toBe(once);
      }),
    );
  });

  it('have the stems of their language, where there are any', () => {
    expect(['en-GB', 'DE', 'pt-BR', 'sw', 'constructor', ''].map(textConfiguration)).toEqual([
      'english',
      'german',
      'portuguese',
      'simple',
      'simple',
      'simple',
    ]);
  });
});

describe('rankings made one', () => {
  it('put what several found above what one did', () => {
    expect([
      ...fuse([
        ['a', 'b', 'c'],
        ['d', 'b'],
      ]).keys(),
    ]).toEqual(['b', 'a', 'd', 'c']);
  });

  it('keep the order of a single one, lose nothing and add nothing', () => {
    const ranking = fc.uniqueArray(fc.string(), { maxLength: 20 });
    fc.assert(
      fc.property(ranking, ranking, (first, second) => {
        expect([...fuse([first, []]).keys()]).toEqual(first);
        const both = [...fuse([first, second]).keys()];
        expect(both.toSorted()).toEqual([...new Set([...first, ...second])].toSorted());
      }),
    );
  });
});

describe('a question put on record', () => {
  it.each([
    ['Call me on +1 (415) 555-0123 please', 'Call me on … please'],
    ['My mail is kim.o@example.co.uk, ok?', 'My mail is … ok?'],
    ['Card 4111 1111 1111 1111', 'Card …'],
    ['Are you open on 24 December 2026?', 'Are you open on 24 December …?'],
    ['a\u0000b\n c', 'a b c'],
  ])('says nothing of who asked: %j', (asked, kept) => {
    expect(withoutPersonalData(asked)).toBe(kept);
  });
});
