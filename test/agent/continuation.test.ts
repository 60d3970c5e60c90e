import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Continuation, WordBuffer } from '../../src/agent/continuation.ts';

describe('holding back incomplete words', () => {
  it('releases punctuation at once and a word when the next one begins', () => {
    const words = new WordBuffer();
    expect(words.push('Sure')).toBe('');
    expect(words.push(',')).toBe('Sure,');
    expect(words.push(' I')).toBe(' ');
    expect(words.push(' can')).toBe('I ');
    expect(words.flush()).toBe('can');
  });

  it('loses and reorders no text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (deltas) => {
        const words = new WordBuffer();
        const out = deltas.map((delta) => words.push(delta)).join('') + words.flush();
        expect(out).toBe(deltas.join(''));
      }),
    );
  });

  it('does not wait for a space in a script that has none', () => {
    expect(new WordBuffer().push('東京都新宿区西新宿二丁目八番一号東京都庁第一本庁舎です')).not.toBe('');
  });
});

const continued = (spoken: string, deltas: readonly string[]): string => {
  const continuation = new Continuation(spoken);
  return spoken + deltas.map((delta) => continuation.push(delta)).join('') + continuation.flush();
};

describe('a continuation', () => {
  it.each([
    ['We open at nine, ', ['and close at six.'], 'We open at nine, and close at six.'],
    ['We open at nine,', ['and close at six.'], 'We open at nine, and close at six.'],
    ['We open at nine,', [' and close.'], 'We open at nine, and close.'],
    ['We open at nine, ', ['We open', ' at nine,', ' and close.'], 'We open at nine, and close.'],
    ['We open at nine, ', ['we open at nine and close.'], 'We open at nine, and close.'],
    ['We open at nine, ', ['at nine, and close.'], 'We open at nine, and close.'],
    ['Sure, ', ['Sure', 'ly we can.'], 'Sure, Surely we can.'],
    ['Sure, ', ['Sure, we can.'], 'Sure, we can.'],
    ['One for you, one for you, ', ['and one for me.'], 'One for you, one for you, and one for me.'],
    ['All done. ', ['All done.'], 'All done. '],
  ])('of %j with %j is %j', (spoken, deltas, whole) => {
    expect(continued(spoken, deltas)).toBe(whole);
  });

  it('contains every word once, wherever the first model broke off and however much the second one repeats', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 4, maxLength: 20 }),
        fc.nat(),
        fc.nat(),
        (words, at, back) => {
          const cut = 2 + (at % (words.length - 3));
          const from = cut - (back % cut === 1 ? 0 : back % cut);
          const deltas = words.slice(from).map((word, index) => (index === 0 ? word : ` ${word}`));
          expect(continued(`${words.slice(0, cut).join(' ')} `, deltas)).toBe(words.join(' '));
        },
      ),
    );
  });
});
