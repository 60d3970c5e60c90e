import type { CallEvent } from '../../business/record/calls/calls.ts';

/** Where a live call puts its events. Never blocks, never throws: the audio path stands on it. */
export interface Journal {
  append(event: CallEvent): void;
  /** After `call-ended`: resolves when everything is on disk. */
  close(): Promise<void>;
}
