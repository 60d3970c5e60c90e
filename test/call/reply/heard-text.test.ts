import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaMs } from '../../../src/call/clocks.ts';
import {
  type TimedText,
  type TextTiming,
  describeHeard,
  timeWords,
} from '../../../src/call/reply/heard-text.ts';
import type { AlignedCharacter } from '../../../src/call/reply/text-to-speech.ts';
import { VoicedText } from '../../../src/call/reply/voiced-text.ts';

/** Each character takes 50 ms, spaces included. */
function timed(text: string, msPerCharacter = 50): TextTiming[] {
  return Array.from(text, (_, n) => ({
    startIndex: n,
    endIndex: n + 1,
    startMs: n * msPerCharacter,
    endMs: (n + 1) * msPerCharacter,
  })).filter(({ startIndex }) => text[startIndex] !== ' ');
}

function part(
  text: string,
  startMs: number,
  durationMs: number,
  timings: readonly TextTiming[] = [],
): TimedText {
  return { text, startBytes: startMs * 8, receivedBytes: durationMs * 8, isComplete: true, timings };
}

function heardAt(heardMs: number, parts: readonly TimedText[], isTextEnded = true) {
  return describeHeard({
    parts,
    unsaidText: '',
    isTextEnded,
    heardBytes: heardMs * 8,
    offsetMsOf: (bytes) => mediaMs(10_000 + bytes / 8),
  });
}

/** As a voice tells them: 10 ms each. */
function characters(text: string, fromMs = 0): AlignedCharacter[] {
  return Array.from(text, (character, n) => ({
    character,
    startMs: fromMs + n * 10,
    endMs: fromMs + (n + 1) * 10,
  }));
}

describe('describeHeard', () => {
  const text = 'Hello there, dear caller.';

  it('counts a word from the middle of it', () => {
    const parts = [part(text, 0, 1_250, timed(text))];
    // "there," has its letters from 300 to 550 ms.
    expect(heardAt(424, parts).heardText).toBe('Hello');
    expect(heardAt(425, parts).heardText).toBe('Hello there,');
  });

  it('keeps the punctuation of the last word heard and no more', () => {
    const quote = 'He said "fine!" (and left).';
    const parts = [
      part(quote, 0, quote.length * 50, timed(quote)),
      part('More and more of it.', 1_350, 5_000),
    ];
    expect(heardAt(14 * 50, parts).heardText).toBe('He said "fine!"');
    expect(heardAt(1_350, parts).heardText).toBe(quote);
  });

  it('goes through stretches one after the other', () => {
    const parts = [part('One moment.', 0, 1_000), part(text, 1_000, 1_250, timed(text))];
    expect(heardAt(1_000, parts).heardText).toBe('One moment.');
    expect(heardAt(1_000 + 425, parts).heardText).toBe('One moment. Hello there,');
    expect(heardAt(2_250, parts)).toMatchObject({ heardText: `One moment. ${text}`, complete: true });
  });

  it('takes speech to be even where the voice gives no times, and rounds down to a word', () => {
    const parts = [part('aaaa bbbb cccc dddd eeee', 0, 2_400)];
    expect(heardAt(690, parts).heardText).toBe('aaaa');
    expect(heardAt(710, parts).heardText).toBe('aaaa bbbb');
  });

  it('stretches times that do not fit the audio', () => {
    const slow = [part(text, 0, 2_500, timed(text))];
    expect(heardAt(849, slow).heardText).toBe('Hello');
    expect(heardAt(851, slow).heardText).toBe('Hello there,');
    const almost = [part(text, 0, 1_300, timed(text))];
    expect(heardAt(426, almost).heardText).toBe('Hello there,');
  });

  it('tolerates 300 ms at the end, only when nothing more was to come', () => {
    const parts = [part(text, 0, 5_000, timed(text, 200))];
    expect(heardAt(4_700, parts)).toMatchObject({ heardText: text, complete: true });
    expect(heardAt(4_690, parts).complete).toBe(false);
    expect(heardAt(4_700, parts, false).complete).toBe(false);
  });

  it('[L13] does not take for heard what has no audio', () => {
    const silent = { text: 'Never said.', startBytes: 0, receivedBytes: 0, isComplete: true, timings: [] };
    expect(heardAt(0, [silent], false)).toMatchObject({ heardText: '', complete: false });
    expect(heardAt(900, [silent, part('Said.', 0, 1_000)], false).heardText).toBe('');
    const waiting = {
      text: 'Not yet.',
      startBytes: undefined,
      receivedBytes: 0,
      isComplete: false,
      timings: [],
    };
    expect(heardAt(1_000, [part('Said.', 0, 1_000), waiting])).toMatchObject({
      generatedText: 'Said. Not yet.',
      heardText: 'Said.',
      complete: false,
    });
  });

  it('places words on the media clock', () => {
    const { words } = heardAt(425, [part(text, 0, 1_250, timed(text))]);
    expect(words).toEqual([
      { text: 'Hello', startOffsetMs: 10_000, endOffsetMs: 10_250, heard: true },
      { text: 'there,', startOffsetMs: 10_300, endOffsetMs: 10_550, heard: true },
      { text: 'dear', startOffsetMs: 10_650, endOffsetMs: 10_850, heard: false },
      { text: 'caller.', startOffsetMs: 10_900, endOffsetMs: 11_200, heard: false },
    ]);
  });

  it('always gives a prefix of the text that grows with what was heard', () => {
    const words = fc
      .array(fc.stringMatching(/^["(]?[a-zA-Z0-9äé$]{1,9}[.,!?)"]{0,2}$/), { minLength: 1, maxLength: 12 })
      .map((list) => list.join(' '));
    const stretch = fc.record({
      text: words,
      receivedMs: fc.integer({ min: 0, max: 4_000 }),
      isComplete: fc.boolean(),
      timedShare: fc.double({ min: 0, max: 1, noNaN: true }),
      msPerCharacter: fc.integer({ min: 5, max: 200 }),
    });
    const property = fc.property(
      fc.array(stretch, { maxLength: 4 }),
      fc.boolean(),
      (stretches, isTextEnded) => {
        let endMs = 0;
        let isWaiting = false;
        const parts = stretches.map(
          ({ text: words_, receivedMs, isComplete, timedShare, msPerCharacter }) => {
            const timings = timed(words_, msPerCharacter).slice(0, Math.floor(timedShare * words_.length));
            const startBytes = isWaiting ? undefined : endMs * 8;
            if (!isWaiting) endMs += receivedMs;
            isWaiting ||= !isComplete;
            return { text: words_, startBytes, receivedBytes: receivedMs * 8, isComplete, timings };
          },
        );
        let before = '';
        for (let heardMs = 0; heardMs <= endMs + 50; heardMs += 130) {
          const heard = heardAt(Math.min(heardMs, endMs), parts, isTextEnded);
          expect(heard.generatedText.startsWith(heard.heardText)).toBe(true);
          expect(heard.heardText.startsWith(before)).toBe(true);
          expect(heard.words.map((word) => word.text).join(' ')).toBe(heard.generatedText);
          const heardWords = heard.words.filter((word) => word.heard).map((word) => word.text);
          expect(heardWords.join(' ')).toBe(heard.heardText);
          expect(!heard.complete || heard.heardText === heard.generatedText).toBe(true);
          before = heard.heardText;
        }
        for (const spoken of parts) {
          const times = timeWords(spoken).flatMap(({ startMs, endMs: wordEndMs }) => [startMs, wordEndMs]);
          expect(times).toEqual(times.toSorted((a, b) => a - b));
        }
      },
    );
    fc.assert(property, { numRuns: 300 });
  });
});

describe('VoicedText', () => {
  it('finds the characters the voice tells in its text, whatever it does with spaces', () => {
    const voiced = new VoicedText();
    voiced.add('Hi there.');
    voiced.add('Good day!');
    voiced.align(characters(' Hi there. '));
    voiced.align(characters('Goodday!', 110));
    expect(voiced.timings.map(({ startIndex }) => voiced.text[startIndex]).join('')).toBe('Hithere.Goodday!');
    expect(voiced.isCovered).toBe(true);
  });

  it('is not thrown off by characters that are not in its text', () => {
    const voiced = new VoicedText();
    voiced.add('Room 5 please');
    voiced.align(characters('Room five please'));
    const found = voiced.timings.map(({ startIndex }) => voiced.text[startIndex]).join('');
    expect('Room5please'.startsWith(found.slice(0, 4))).toBe(true);
    expect(voiced.timings.map(({ startIndex }) => startIndex)).toEqual(
      voiced.timings.map(({ startIndex }) => startIndex).toSorted((a, b) => a - b),
    );
  });
});
