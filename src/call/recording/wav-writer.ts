import { SAMPLE_RATE_HZ } from '../../audio/frame.ts';
import { WAV_HEADER_BYTES, formatWavHeader } from '../../audio/wav.ts';
import type { Storage, StorageWriter } from '../../platform/data/storage.ts';

/** Two channels of two bytes. */
export const BYTES_PER_SAMPLE_PAIR = 4;
const FORMAT = { channels: 2, sampleRateHz: SAMPLE_RATE_HZ };
const BYTES_PER_SECOND = SAMPLE_RATE_HZ * BYTES_PER_SAMPLE_PAIR;
/** Maximum backlog for a slow storage; beyond it the oldest audio is replaced by silence. */
const MAX_QUEUED_BYTES = 10 * BYTES_PER_SECOND;
/** How often the header is rewritten: the header of a crashed process is behind by at most this. */
const HEADER_EVERY_BYTES = 5 * BYTES_PER_SECOND;
const silence = new Uint8Array(BYTES_PER_SECOND);

type QueuedAudio =
  | { readonly type: 'audio'; readonly bytes: Uint8Array }
  | { readonly type: 'silence'; byteCount: number };

/**
 * Appends stereo audio to one stored file, one write at a time, in the background. What cannot be stored in time is
 * replaced by silence of the same length, which keeps positions. Writing stops at the first error.
 */
export class WavWriter {
  readonly #storage: Storage;
  readonly #key: string;
  readonly #queue: QueuedAudio[] = [];
  #writer: StorageWriter | undefined;
  #queuedBytes = 0;
  #writtenBytes = 0;
  #headerBytes = 0;
  #droppedBytes = 0;
  #error: unknown;
  #pump: Promise<void> | undefined;

  constructor(storage: Storage, key: string) {
    this.#storage = storage;
    this.#key = key;
  }

  get droppedMs(): number {
    return (this.#droppedBytes / BYTES_PER_SECOND) * 1_000;
  }

  get error(): unknown {
    return this.#error;
  }

  append(bytes: Uint8Array): void {
    if (this.#error !== undefined) return;
    this.#queue.push({ type: 'audio', bytes });
    this.#queuedBytes += bytes.length;
    if (this.#queuedBytes > MAX_QUEUED_BYTES) this.#dropOldest();
    this.#pump ??= this.#write();
  }

  appendSilence(byteCount: number): void {
    if (this.#error !== undefined || byteCount === 0) return;
    this.#queue.push({ type: 'silence', byteCount });
    this.#pump ??= this.#write();
  }

  /** Writes the backlog and the final header; undefined if nothing usable was stored. */
  async close(): Promise<{ readonly dataBytes: number } | undefined> {
    await this.#pump;
    if (this.#writer === undefined) return undefined;
    try {
      await this.#writeHeader(this.#writer);
    } catch (error) {
      this.#error ??= error;
    }
    try {
      await this.#writer.close();
    } catch (error) {
      this.#error ??= error;
    }
    return this.#writtenBytes === 0 || this.#headerBytes !== this.#writtenBytes
      ? undefined
      : { dataBytes: this.#writtenBytes };
  }

  async #write(): Promise<void> {
    try {
      const writer = (this.#writer ??= await this.#create());
      for (let next = this.#take(); next !== undefined; next = this.#take()) {
        await writer.append(next);
        this.#writtenBytes += next.length;
        if (this.#writtenBytes - this.#headerBytes >= HEADER_EVERY_BYTES) await this.#writeHeader(writer);
      }
    } catch (error) {
      this.#error = error;
      this.#queue.length = 0;
      this.#queuedBytes = 0;
    }
    this.#pump = undefined;
  }

  async #create(): Promise<StorageWriter> {
    const writer = await this.#storage.create(this.#key);
    this.#writer = writer;
    await writer.append(formatWavHeader(FORMAT, 0));
    return writer;
  }

  async #writeHeader(writer: StorageWriter): Promise<void> {
    const dataBytes = this.#writtenBytes;
    await writer.patch(0, formatWavHeader(FORMAT, dataBytes));
    this.#headerBytes = dataBytes;
  }

  #take(): Uint8Array | undefined {
    const first = this.#queue[0];
    if (first?.type === 'silence') {
      const byteCount = Math.min(first.byteCount, silence.length);
      first.byteCount -= byteCount;
      if (first.byteCount === 0) this.#queue.shift();
      return silence.subarray(0, byteCount);
    }
    this.#queue.shift();
    if (first !== undefined) this.#queuedBytes -= first.bytes.length;
    return first?.bytes;
  }

  #dropOldest(): void {
    const index = this.#queue.findIndex(({ type }) => type === 'audio');
    const oldest = this.#queue[index];
    if (oldest?.type !== 'audio') return;
    this.#queuedBytes -= oldest.bytes.length;
    this.#droppedBytes += oldest.bytes.length;
    const before = this.#queue[index - 1];
    if (before?.type === 'silence') {
      before.byteCount += oldest.bytes.length;
      this.#queue.splice(index, 1);
    } else this.#queue[index] = { type: 'silence', byteCount: oldest.bytes.length };
  }
}

export function storedSizeBytes(dataBytes: number): number {
  return WAV_HEADER_BYTES + dataBytes;
}
