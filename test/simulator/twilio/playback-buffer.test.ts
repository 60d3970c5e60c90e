import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlaybackBuffer } from '../../../simulator/twilio/playback-buffer.ts';

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

/** What the buffer is meant to be: bytes and marks in one list, in the order they were given. */
class Model {
  #items: (number | string)[] = [];

  queue(bytes: Uint8Array): unknown {
    this.#items.push(...bytes);
    return undefined;
  }

  mark(name: string): unknown {
    if (!this.#items.some((item) => typeof item === 'number')) return true;
    this.#items.push(name);
    return false;
  }

  clear(): unknown {
    const marks = this.#items.filter((item) => typeof item === 'string');
    const droppedBytes = this.#items.length - marks.length;
    this.#items = [];
    return { marks, droppedBytes };
  }

  play(): unknown {
    const bytes: number[] = [];
    const marks: string[] = [];
    while (typeof this.#items[0] === 'string' || (bytes.length < 160 && this.#items.length > 0)) {
      const item = this.#items.shift()!;
      if (typeof item === 'number') bytes.push(item);
      else marks.push(item);
    }
    const mulaw = Uint8Array.from({ length: 160 }, (_, i) => bytes[i] ?? 0xff);
    return { mulaw, playedBytes: bytes.length, marks };
  }
}

/** Does the same to the buffer or to its model; the answer is a copy, since a played frame is reused. */
function perform(buffer: PlaybackBuffer | Model, step: Action, index: number): unknown {
  switch (step.type) {
    case 'queue':
      return buffer.queue(Uint8Array.from({ length: step.bytes }, (_, i) => (index * 31 + i) % 251));
    case 'mark':
      return buffer.mark(`m${index}`);
    case 'clear':
      return buffer.clear();
    case 'play':
      return structuredClone(buffer.play());
    default:
      return step satisfies never;
  }
}

describe('PlaybackBuffer', () => {
  it('plays every byte once and in order, and brings every mark when all before it has been played', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => {
        const buffer = new PlaybackBuffer();
        const model = new Model();
        const all = (target: PlaybackBuffer | Model) =>
          actions.map((step, index) => perform(target, step, index));
        expect(all(buffer)).toEqual(all(model));
      }),
    );
  });
});
