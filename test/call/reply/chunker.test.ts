import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chunker, MAX_CHUNK_CHARACTERS } from '../../../src/call/reply/chunker.ts';
import { speakable } from '../../../src/call/reply/speakable-text.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function setUp(isVoiceHungry: (chunks: readonly string[]) => boolean = (chunks) => chunks.length === 0) {
  const clock = new FakeClock();
  const chunks: string[] = [];
  const chunker = new Chunker({
    clock,
    isVoiceHungry: () => isVoiceHungry(chunks),
    emit: (chunk) => chunks.push(chunk),
  });
  return { clock, chunks, chunker };
}

function chunksOf(text: string): string[] {
  const { chunker, chunks } = setUp(() => false);
  chunker.push(text);
  chunker.flush();
  return chunks;
}

function letters(text: string): string {
  return text.replace(/[^\p{L}\p{N}]/gu, '');
}

describe('Chunker', () => {
  it('gives a hungry voice the first clause, and whole sentences after that', () => {
    const { chunker, chunks } = setUp();
    chunker.push('Of course I can do that for you, ');
    chunker.push('just tell me when. It takes, as a rule, half an hour. And');
    expect(chunks).toEqual([
      'Of course I can do that for you,',
      'just tell me when.',
      'It takes, as a rule, half an hour.',
    ]);
  });

  it('gives a hungry voice its first clause with the comma, not with the token after it', () => {
    const { chunker, chunks } = setUp();
    for (const delta of ['We', ' are', ' open', ' on', ' Saturday', ' from', ' 1,']) chunker.push(delta);
    expect(chunks).toEqual([]);
    for (const delta of ['000', ' hours', ' on,']) chunker.push(delta);
    expect(chunks).toEqual(['We are open on Saturday from 1,000 hours on,']);
    for (const delta of [' and', ' that', ' is', ' it', '.', ' ']) chunker.push(delta);
    expect(chunks).toEqual(['We are open on Saturday from 1,000 hours on,', 'and that is it.']);
  });

  it('does not chop a first clause of a few words', () => {
    const { chunker, chunks } = setUp();
    for (const delta of ['Yes, ', 'sure, ', 'no problem, ', 'I will do that. ', 'Now']) chunker.push(delta);
    expect(chunks).toEqual(['Yes, sure, no problem,', 'I will do that.']);
  });

  it('takes a short sentence for a first chunk', () => {
    const { chunker, chunks } = setUp();
    chunker.push('Sure! ');
    expect(chunks).toEqual(['Sure!']);
  });

  it('speaks a finished sentence soon when the model falls silent after it', () => {
    const { chunker, chunks, clock } = setUp(() => false);
    chunker.push('It costs 3.');
    clock.advance(600);
    chunker.push('50 in total.');
    clock.advance(149);
    expect(chunks).toEqual([]);
    clock.advance(1);
    expect(chunks).toEqual(['It costs 3.50 in total.']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('[L4] cuts a stalled text at its last clause after 700 ms, then at its last whole word', () => {
    const { chunker, chunks, clock } = setUp(() => true);
    chunker.push('Well, then I would sugg');
    clock.advance(699);
    expect(chunks).toEqual([]);
    clock.advance(1);
    expect(chunks).toEqual(['Well,']);
    clock.advance(700);
    expect(chunks).toEqual(['Well,', 'then I would']);
    clock.advance(5_000);
    expect(chunks).toHaveLength(2);
    chunker.push('est that. ');
    expect(chunks).toEqual(['Well,', 'then I would', 'suggest that.']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('[L4] is not deceived by a model that drips', () => {
    const { chunker, chunks, clock } = setUp(() => true);
    let longestWaitMs = 0;
    let waitMs = 0;
    for (let n = 0; n < 100; n += 1) {
      const before = chunks.length;
      chunker.push('word ');
      clock.advance(100);
      waitMs = chunks.length > before ? 0 : waitMs + 100;
      longestWaitMs = Math.max(longestWaitMs, waitMs);
    }
    expect(longestWaitMs).toBeLessThanOrEqual(700);
  });

  it('lets a sentence grow while the voice is busy', () => {
    let isHungry = false;
    const { chunker, chunks, clock } = setUp(() => isHungry);
    chunker.push('then I would suggest ');
    clock.advance(3_000);
    expect(chunks).toEqual([]);
    isHungry = true;
    clock.advance(100);
    expect(chunks).toEqual(['then I would suggest']);
  });

  it.each([
    ['Dr. Smith is in. Mrs. Jones is not.', ['Dr. Smith is in.', 'Mrs. Jones is not.']],
    ['We open at 3.30 p.m. on Sundays. Bye.', ['We open at 3.30 p.m. on Sundays.', 'Bye.']],
    ['We close at 5 p.m. Please hurry.', ['We close at 5 p.m.', 'Please hurry.']],
    ['It is room No. 5 on the left. No. Really?', ['It is room No. 5 on the left.', 'No.', 'Really?']],
    ['That is $12.50. Thank you!', ['That is $12.50.', 'Thank you!']],
    ['Fruit, nuts, etc. are fine. Ask J. R. Smith.', ['Fruit, nuts, etc. are fine.', 'Ask J. R. Smith.']],
    ['She said "Come in." Then she left.', ['She said "Come in."', 'Then she left.']],
    ['1. A haircut\n2. A shave\n', ['1. A haircut', '2. A shave']],
    ['We have:\n- **Cut**: $20\n- _Colour_ 🎨\n', ['We have:', 'Cut: $20', 'Colour']],
    ['See [our site](https://example.com/a) or `call`.', ['See our site or call.']],
    ['# Prices\n\nAll are *low*!', ['Prices', 'All are low!']],
    ['Is 5 * 3 = 15? snake_case stays.', ['Is 5 * 3 = 15?', 'snake_case stays.']],
    ['今日は。元気ですか？はい', ['今日は。', '元気ですか？', 'はい']],
    ['👍🏽 … 👨‍👩‍👧', []],
  ])('cuts %j', (text, expected) => {
    expect(chunksOf(text)).toEqual(expected);
  });

  it('cuts an endless sentence at a clause, else at a word', () => {
    const clauses = chunksOf(`${'and so it goes on and on, '.repeat(30)}.`);
    expect(clauses.length).toBeGreaterThan(2);
    for (const chunk of clauses) expect(chunk).toMatch(/on,( \.)?$/);
    const words = chunksOf('word '.repeat(200));
    for (const chunk of words) expect(chunk).toMatch(/^(word )*word$/);
    expect(words.join(' ')).toBe('word '.repeat(200).trim());
  });

  it('loses nothing, adds nothing, and keeps to its limits, however the text arrives', () => {
    const word = fc.oneof(
      fc.stringMatching(/^[a-zA-Z]{1,12}$/),
      fc.constantFrom(
        'Dr.',
        '3.30',
        'p.m.',
        'No.',
        '5',
        '$12.50',
        'e.g.',
        'U.S.',
        'yes,',
        'well;',
        'end.',
        'what?',
        'oh!',
      ),
    );
    const space = fc.constantFrom(' ', ' ', ' ', '  ', '\n', '\n\n');
    const text = fc.array(fc.tuple(word, space), { maxLength: 120 }).map((pairs) => pairs.flat().join(''));
    const property = fc.property(
      text,
      fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 900 })), { minLength: 1 }),
      fc.boolean(),
      (whole, steps, alwaysHungry) => {
        const { chunker, chunks, clock } = setUp((soFar) => alwaysHungry || soFar.length === 0);
        for (let from = 0, n = 0; from < whole.length; n += 1) {
          const [length, pauseMs] = steps[n % steps.length]!;
          chunker.push(whole.slice(from, from + length));
          from += length;
          clock.advance(pauseMs);
        }
        chunker.flush();
        expect(chunks.join(' ')).toBe(speakable(whole));
        for (const chunk of chunks) {
          expect(chunk).toBe(speakable(chunk));
          expect(chunk).toMatch(/[\p{L}\p{N}]/u);
          expect(chunk.length).toBeLessThanOrEqual(MAX_CHUNK_CHARACTERS);
        }
        expect(chunker.pendingText).toBe('');
        expect(clock.pendingTimers).toBe(0);
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  it('keeps every letter of text with markdown, emoji and giant words', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constantFrom('**', '_', '`', '# ', '- ', '\n', '🎉', '[a](b)', '. ', ', ', 'x'.repeat(500)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const whole = pieces.join('').replace(/[[\]()]/g, '');
        const { chunker, chunks } = setUp(() => false);
        for (const delta of pieces) chunker.push(delta.replace(/[[\]()]/g, ''));
        chunker.flush();
        expect(letters(chunks.join(''))).toBe(letters(speakable(whole)));
        for (const chunk of chunks) expect(chunk.length).toBeLessThanOrEqual(MAX_CHUNK_CHARACTERS);
      }),
      { numRuns: 300 },
    );
  });
});
