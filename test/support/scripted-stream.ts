import type { MediaStream, MediaStreamEvent } from '../../src/call/transport/media-stream.ts';
import type { CallSid, StreamSid } from '../../src/business/tenancy/ids/ids.ts';

/** A carrier's stream in the test's hands: it tells what was sent, and says what the test lets it say. */
export class ScriptedStream implements MediaStream {
  readonly callSid: CallSid;
  readonly streamSid: StreamSid;
  readonly sent: ({ audio: Uint8Array } | { mark: string } | 'clear' | 'close')[] = [];
  bufferedBytes = 0;
  #listener: ((event: MediaStreamEvent) => void) | undefined;

  constructor(names: { callSid?: string; streamSid?: string } = {}) {
    this.callSid = (names.callSid ?? 'CA1') as CallSid;
    this.streamSid = (names.streamSid ?? 'MZ1') as StreamSid;
  }

  get isClosed(): boolean {
    return this.sent.includes('close');
  }

  listen(listener: (event: MediaStreamEvent) => void): void {
    this.#listener = listener;
  }
  sendAudio(mulaw: Uint8Array): void {
    this.sent.push({ audio: mulaw });
  }
  sendMark(name: string): void {
    this.sent.push({ mark: name });
  }
  clear(): void {
    this.sent.push('clear');
  }
  close(): void {
    this.sent.push('close');
  }

  says(event: MediaStreamEvent): void {
    this.#listener?.(event);
  }
}
