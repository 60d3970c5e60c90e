import type { CallSid, StreamSid } from '../../business/tenancy/ids/ids.ts';

/**
 * A carrier's two-way media stream, once its `start` has been read and checked.
 * Events are delivered synchronously and in order; `closed` comes exactly once and last.
 */
export interface MediaStream {
  readonly callSid: CallSid;
  readonly streamSid: StreamSid;
  /** Hands events to `listener` from now on; events before the first `listen` are buffered (at most 5 s of audio). */
  listen(listener: (event: MediaStreamEvent) => void): void;
  /** Queues mu-law of any length at the carrier. */
  sendAudio(mulaw: Uint8Array): void;
  /**
   * Asks the carrier to echo `name` when everything sent before it has been played (at once when nothing is queued).
   */
  sendMark(name: string): void;
  /** Drops what the carrier has not played; it then echoes all outstanding marks. */
  clear(): void;
  /** Bytes in the socket's send buffer. */
  readonly bufferedBytes: number;
  /** Closes the stream; the carrier then asks for instructions. */
  close(): void;
}

export type MediaStreamEvent =
  | { readonly type: 'media'; readonly mulaw: Uint8Array; readonly offsetMs: number }
  | { readonly type: 'digit'; readonly digit: string }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'stop' }
  | { readonly type: 'closed'; readonly code: number; readonly wasExpected: boolean };
