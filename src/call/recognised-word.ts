import type { StreamMs } from './clocks.ts';

/** A word and when it was said, on whichever clock; absent where the vendor tells no times. */
export interface RecognisedWord<Ms extends number = StreamMs> {
  readonly text: string;
  readonly startMs?: Ms;
  readonly endMs?: Ms;
  readonly confidence?: number;
}
