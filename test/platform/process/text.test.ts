import { describe, expect, it } from 'vitest';
import { fold, slugOf, wordsOf } from '../../../src/platform/process/text.ts';

describe('texts that people write differently', () => {
  it('are folded to lower case without marks', () => {
    expect(fold('Ströße ÉLAN ﬁne')).toBe('stroße elan fine');
  });

  it('are taken apart into words of letters and digits', () => {
    expect(wordsOf('  O’Neil, Zoë (No. 7) ')).toEqual(['o', 'neil', 'zoe', 'no', '7']);
    expect(wordsOf('عمر 林')).toEqual(['عمر', '林']);
    expect(wordsOf('…')).toEqual([]);
  });

  it.each([
    ['Full Service!', 50, 'full-service'],
    ['Café  Olé', 50, 'cafe-ole'],
    ['Full Service', 5, 'full'],
    ['林', 50, ''],
  ])('make a slug: %s in %i characters is “%s”', (text, length, slug) => {
    expect(slugOf(text, length)).toBe(slug);
  });
});
