import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlignedCharacter } from '../../../src/call/reply/text-to-speech.ts';
import { CharacterTimes } from '../../../src/vendors/elevenlabs/character-times.ts';

const timing = (text: string) => ({
  characters: Array.from(text),
  startsMs: Array.from(text, (_, at) => at * 10),
  durationsMs: Array.from(text, () => 10),
});
const textOf = (characters: readonly AlignedCharacter[]): string =>
  characters.map(({ character }) => character).join('');

describe('the time of each character', () => {
  it('leaves out the spaces that were added for the vendor', () => {
    const times = new CharacterTimes();
    times.pushed('Hi.');
    times.pushed('Yes.');
    const told = times.received(720, timing(' Hi. Yes. '));
    expect(textOf(told)).toBe('Hi.Yes.');
    expect(told[3]).toEqual({ character: 'Y', startMs: 50, endMs: 60 });
  });

  it('counts from the first audio that has not been timed yet', () => {
    const times = new CharacterTimes();
    times.pushed('abcd');
    expect(times.received(80, undefined)).toEqual([]);
    expect(times.received(80, timing('ab'))).toMatchObject([{ startMs: 0 }, { startMs: 10 }]);
    expect(times.received(160, timing('cd'))).toMatchObject([{ startMs: 20 }, { startMs: 30 }]);
  });

  it('spreads what was never timed over the audio that was never timed', () => {
    const times = new CharacterTimes();
    times.pushed('abcd');
    times.received(80, timing('a'));
    times.received(240, undefined);
    expect(times.ended()).toEqual([
      { character: 'b', startMs: 10, endMs: 20 },
      { character: 'c', startMs: 20, endMs: 30 },
      { character: 'd', startMs: 30, endMs: 40 },
    ]);
  });

  it('tells every pushed character once and in order, whatever the vendor makes of it', () => {
    const piece = fc.string({ unit: 'grapheme-composite', maxLength: 12 });
    const message = fc.record({ bytes: fc.nat(2_000), text: fc.option(piece) });
    fc.assert(
      fc.property(fc.array(piece), fc.array(message), (pushed, messages) => {
        const times = new CharacterTimes();
        for (const text of pushed) times.pushed(text);
        const told = messages.flatMap(({ bytes, text }) =>
          times.received(bytes, text === null ? undefined : timing(text)),
        );
        expect(textOf([...told, ...times.ended()])).toBe(pushed.join(''));
      }),
    );
  });
});
