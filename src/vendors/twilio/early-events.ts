import { msToBytes } from '../../audio/frame.ts';
import type { MediaStreamEvent } from '../../call/transport/transport.ts';

const MAX_AUDIO_BYTES = msToBytes(5_000);
/** Limit of digits and marks before `listen`; far more than occur in 5 s. */
const MAX_OTHER_EVENTS = 100;

/** Buffers events of a stream before `listen`: the newest 5 s of audio, and the first hundred other events. */
export class EarlyEvents {
  #events: MediaStreamEvent[] = [];
  #audioBytes = 0;
  #otherEvents = 0;

  add(event: MediaStreamEvent): void {
    if (event.type === 'media') {
      this.#audioBytes += event.mulaw.byteLength;
      this.#events.push(event);
      while (this.#audioBytes > MAX_AUDIO_BYTES) this.#dropOldestAudio();
      return;
    }
    // `closed` is kept whatever came before it.
    if (event.type === 'digit' || event.type === 'mark') {
      if (this.#otherEvents >= MAX_OTHER_EVENTS) return;
      this.#otherEvents += 1;
    }
    this.#events.push(event);
  }

  takeAll(): readonly MediaStreamEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#audioBytes = 0;
    this.#otherEvents = 0;
    return events;
  }

  #dropOldestAudio(): void {
    const index = this.#events.findIndex((event) => event.type === 'media');
    const [dropped] = this.#events.splice(index, 1);
    if (dropped?.type === 'media') this.#audioBytes -= dropped.mulaw.byteLength;
  }
}
