import { describe, expect, it } from 'vitest';
import type { FakeClock } from '../support/fake-clock.ts';

/** One part of a call in the middle of its work. */
export interface OpenPart {
  readonly clock: FakeClock;
  readonly state: () => string;
  readonly close: () => unknown;
  /** What it would do if it were not closed: time, input, news from outside. */
  readonly poke: () => void;
  /** Everything it has emitted. */
  readonly emitted: readonly unknown[];
  /** How long the timers of its surroundings (a carrier's marks on their way back) outlive it. */
  readonly settleMs?: number;
}

/** What every part of a call that has an end promises; see src/call/README.md. */
export function closingContract(name: string, open: () => OpenPart): void {
  describe(`the contract of what closes, fulfilled by ${name}`, () => {
    it('is closed at once, and stays so', () => {
      const part = open();
      expect(part.state()).not.toBe('closed');
      void part.close();
      expect(part.state()).toBe('closed');
      part.poke();
      expect(part.state()).toBe('closed');
    });

    it('emits nothing once it is closed, closed again or not', () => {
      const part = open();
      void part.close();
      const emittedBefore = part.emitted.length;
      part.poke();
      void part.close();
      part.clock.advance(60_000);
      expect(part.emitted.slice(emittedBefore)).toEqual([]);
    });

    it('[L15] leaves no timer behind', () => {
      const part = open();
      void part.close();
      part.clock.advance(part.settleMs ?? 0);
      expect(part.clock.pendingTimers).toBe(0);
    });
  });
}
