import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlaybackBuffer } from '../../../src/simulator/twilio/playback-buffer.ts';

type Action =
  | { readonly type: 'queue'; readonly bytes: number }
  | { readonly type: 'mark' }
  | { readonly type: 'clear' }
  | { readonly type: 'play' };

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('queue' as const), bytes: fc.integer({ min: 0, max: 700 }) }),
  },
  { weight: 3, arbitrary: fc.constant({ type: 'mark' as const }) },
  { weight: 1, arbitrary: fc.constant({ type: 'clear' as const }) },
  { weight: 5, arbitrary: fc.constant({ type: 'play' as const }) },
);

describe('PlaybackBuffer', () => {
  it('plays every byte once and in order, and brings every mark when all before it has been played', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const buffer = new PlaybackBuffer();
        // The model: bytes and marks in one list, in the order they were given.
        let model: (number | string)[] = [];
        let next = 0;
        const takeMarks = () => {
          const count = model.findIndex((item) => typeof item === 'number');
          return model.splice(0, count === -1 ? model.length : count);
        };
        for (const [index, step] of actions.entries()) {
          if (step.type === 'queue') {
            const bytes = Array.from({ length: step.bytes }, () => (next = (next + 1) % 251));
            model.push(...bytes);
            buffer.queue(Uint8Array.from(bytes));
          } else if (step.type === 'mark') {
            const isEmpty = !model.some((item) => typeof item === 'number');
            expect(buffer.mark(`m${index}`)).toBe(isEmpty);
            if (!isEmpty) model.push(`m${index}`);
          } else if (step.type === 'clear') {
            const { marks, droppedBytes } = buffer.clear();
            expect(marks).toEqual(model.filter((item) => typeof item === 'string'));
            expect(droppedBytes).toBe(model.filter((item) => typeof item === 'number').length);
            model = [];
          } else {
            const expected: number[] = [];
            const marks: unknown[] = [];
            while (expected.length < 160 && model.length > 0) {
              const item = model.shift()!;
              if (typeof item === 'number') expected.push(item);
              else marks.push(item);
            }
            marks.push(...takeMarks());
            const played = buffer.play();
            expect(played.playedBytes).toBe(expected.length);
            expect([...played.mulaw]).toEqual([
              ...expected,
              ...Array<number>(160 - expected.length).fill(0xff),
            ]);
            expect(played.marks).toEqual(marks);
          }
        }
      }),
    );
  });
});
