import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FluxTurns, type FluxTurnInfo } from '../../../simulator/deepgram/flux-turns.ts';
import { LISTEN_LATENCY } from '../../../simulator/faults.ts';
import type { HeardFrame, HeardWord } from '../../../simulator/speech/heard-speech.ts';

/** A stretch of a caller's audio: words, noise or nothing. */
type Stretch =
  | { readonly type: 'words'; readonly count: number; readonly finishes: boolean }
  | { readonly type: 'noise' | 'silence'; readonly frames: number };

const FRAMES_PER_WORD = 15;

function framesOf(stretches: readonly Stretch[]): HeardFrame[] {
  const frames: HeardFrame[] = [];
  let utterance = 0;
  for (const stretch of stretches) {
    if (stretch.type !== 'words') {
      for (let index = 0; index < stretch.frames; index += 1)
        frames.push(frame(frames, stretch.type === 'noise', []));
      continue;
    }
    utterance += 1;
    for (let word = 1; word <= stretch.count; word += 1) {
      const startMs = frames.length * 20;
      for (let index = 1; index < FRAMES_PER_WORD; index += 1) frames.push(frame(frames, true, []));
      const endMs = startMs + FRAMES_PER_WORD * 20;
      const isLast = stretch.finishes && word === stretch.count;
      frames.push(frame(frames, true, [{ text: `w${frames.length}`, startMs, endMs, utterance, isLast }]));
    }
  }
  return frames;
}

function frame(before: readonly HeardFrame[], hasEnergy: boolean, words: readonly HeardWord[]): HeardFrame {
  return { startMs: before.length * 20, hasEnergy, words };
}

function told(
  stretches: readonly Stretch[],
  thresholds: Partial<ConstructorParameters<typeof FluxTurns>[0]> = {},
) {
  const turns = new FluxTurns(
    { endOfTurn: 0.7, eager: 0.4, timeoutMs: 5_000, ...thresholds },
    LISTEN_LATENCY,
  );
  return framesOf(stretches).flatMap((heard) => turns.hear(heard));
}

const transcript = ({ words }: FluxTurnInfo) => words.map(({ text }) => text).join(' ');
const withoutUpdates = (all: readonly FluxTurnInfo[]) => all.filter(({ event }) => event !== 'Update');

const stretch: fc.Arbitrary<Stretch> = fc.oneof(
  fc.record({
    type: fc.constant('words' as const),
    count: fc.integer({ min: 1, max: 6 }),
    finishes: fc.boolean(),
  }),
  fc.record({
    type: fc.constantFrom('noise' as const, 'silence' as const),
    frames: fc.integer({ min: 1, max: 60 }),
  }),
);
const call = fc.array(stretch, { minLength: 1, maxLength: 25 });

/** What may follow what; the vendor's state machine as it is documented. */
const FOLLOWS: Readonly<Record<string, readonly string[]>> = {
  idle: ['StartOfTurn'],
  StartOfTurn: ['EagerEndOfTurn', 'EndOfTurn'],
  EagerEndOfTurn: ['TurnResumed', 'EndOfTurn'],
  TurnResumed: ['EagerEndOfTurn', 'EndOfTurn'],
  EndOfTurn: ['StartOfTurn'],
};

describe('Flux turns over any mixture of speech, noise and pauses', () => {
  it('start with words, follow the documented states, and count up right after each end', () => {
    fc.assert(
      fc.property(call, (stretches) => {
        let state = 'idle';
        let turn = 0;
        for (const info of withoutUpdates(told(stretches))) {
          expect(FOLLOWS[state]).toContain(info.event);
          expect(info.turnIndex).toBe(turn);
          expect(transcript(info)).not.toBe('');
          state = info.event;
          if (state === 'EndOfTurn') turn += 1;
        }
      }),
    );
  });

  it('end with the very text of the eager end before, unless they were resumed', () => {
    fc.assert(
      fc.property(call, (stretches) => {
        const events = withoutUpdates(told(stretches));
        const afterEager = events.filter(
          ({ event }, index) => event === 'EndOfTurn' && events[index - 1]?.event === 'EagerEndOfTurn',
        );
        const eager = events.filter(
          ({ event }, index) => event === 'EagerEndOfTurn' && events[index + 1]?.event === 'EndOfTurn',
        );
        expect(afterEager.map(transcript)).toEqual(eager.map(transcript));
      }),
    );
  });

  it('lose no word and repeat none', () => {
    fc.assert(
      fc.property(call, (stretches) => {
        const spoken = framesOf([...stretches, { type: 'silence', frames: 300 }]).flatMap(
          ({ words }) => words,
        );
        const ended = told([...stretches, { type: 'silence', frames: 300 }]).filter(
          ({ event }) => event === 'EndOfTurn',
        );
        expect(ended.flatMap(({ words }) => words)).toEqual(spoken);
      }),
    );
  });

  it('have no eager ends without an eager threshold', () => {
    fc.assert(
      fc.property(call, (stretches) => {
        const events = told(stretches, { eager: undefined }).map(({ event }) => event);
        expect(events).not.toContain('EagerEndOfTurn');
        expect(events).not.toContain('TurnResumed');
      }),
    );
  });

  it('bring an update in every quarter of a second of audio', () => {
    fc.assert(
      fc.property(call, (stretches) => {
        const updates = told(stretches).filter(({ event }) => event === 'Update').length;
        expect(updates).toBe(Math.floor((framesOf(stretches).length * 20) / 250));
      }),
    );
  });
});

describe('the end of a turn on audio time', () => {
  const sentence: Stretch = { type: 'words', count: 3, finishes: true };
  const endsAfterMs = (
    thresholds: Parameters<typeof told>[1],
    tail: Stretch = { type: 'silence', frames: 400 },
  ) => {
    const end = told([sentence, tail], thresholds).find(({ event }) => event === 'EndOfTurn');
    return end && { afterMs: end.windowEndMs - end.words.at(-1)!.endMs, trigger: end.trigger };
  };

  it('comes 260 ms after the last word at the default threshold, and later for cautious ones', () => {
    expect(endsAfterMs({ endOfTurn: 0.7 })).toEqual({ afterMs: 260, trigger: 'model' });
    expect(endsAfterMs({ endOfTurn: 0.85 })!.afterMs).toBe(520);
    expect(endsAfterMs({ endOfTurn: 0.9 })!.afterMs).toBe(780);
  });

  it('is reported eagerly 100 ms after the last word', () => {
    const eager = told([sentence, { type: 'silence', frames: 10 }]).find(
      ({ event }) => event === 'EagerEndOfTurn',
    )!;
    expect(eager.windowEndMs - eager.words.at(-1)!.endMs).toBe(100);
  });

  it('waits longer when the sentence is not finished', () => {
    const paused = told([
      { ...sentence, finishes: false },
      { type: 'silence', frames: 30 },
    ]);
    expect(paused.map(({ event }) => event)).not.toContain('EndOfTurn');
  });

  it('comes by timeout when the detection is switched off', () => {
    expect(endsAfterMs({ endOfTurn: 1, eager: undefined, timeoutMs: 2_000 })).toEqual({
      afterMs: 2_000,
      trigger: 'timeout',
    });
  });

  it('is not delayed indefinitely by noise', () => {
    expect(endsAfterMs({}, { type: 'noise', frames: 400 })!.afterMs).toBeLessThan(2_000);
  });

  it('can be forced, which says so', () => {
    const turns = new FluxTurns({ endOfTurn: 0.7, eager: 0.4, timeoutMs: 5_000 }, LISTEN_LATENCY);
    expect(turns.forceEndTurn()).toBeUndefined();
    for (const heard of framesOf([sentence])) turns.hear(heard);
    expect(turns.forceEndTurn()).toMatchObject({ event: 'EndOfTurn', trigger: 'manual', turnIndex: 0 });
    expect(turns.forceEndTurn()).toBeUndefined();
  });

  it('obeys thresholds changed in mid-turn from the next audio on', () => {
    const turns = new FluxTurns({ endOfTurn: 0.7, eager: undefined, timeoutMs: 5_000 }, LISTEN_LATENCY);
    const frames = framesOf([sentence, { type: 'silence', frames: 60 }]);
    const ends = frames.flatMap((heard, index) => {
      if (index === 3 * FRAMES_PER_WORD)
        turns.configure({ endOfTurn: 0.85, eager: undefined, timeoutMs: 5_000 });
      return turns.hear(heard).filter(({ event }) => event === 'EndOfTurn');
    });
    expect(ends[0]!.windowEndMs).toBe(3 * 300 + 520);
  });
});
