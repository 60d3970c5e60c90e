import type { StreamMs } from './clocks.ts';

/** A word with its times on the clock `Ms`; they are absent if the vendor gives none. */
export interface RecognisedWord<Ms extends number = StreamMs> {
  readonly text: string;
  readonly startMs?: Ms;
  readonly endMs?: Ms;
  readonly confidence?: number;
}
