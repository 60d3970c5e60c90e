import { Readable } from 'node:stream';
import type { Storage, StorageWriter, StoredObject } from '../../src/platform/data/storage.ts';

/** A storage in memory that can be made slow or made to fail. */
export class MemoryStorage implements Storage {
  readonly objects = new Map<string, Buffer>();
  /** Sizes of the appends, in order. */
  readonly appends: number[] = [];
  openWriters = 0;
  /** While set, writes wait for it. */
  gate: Promise<void> | undefined;
  failWith: Error | undefined;

  async create(key: string): Promise<StorageWriter> {
    await this.#pass();
    this.objects.set(key, Buffer.alloc(0));
    this.openWriters += 1;
    return {
      append: async (bytes) => {
        const copy = Uint8Array.from(bytes);
        await this.#pass();
        this.appends.push(copy.length);
        this.objects.set(key, Buffer.concat([this.objects.get(key)!, copy]));
      },
      patch: async (position, bytes) => {
        await this.#pass();
        this.objects.get(key)!.set(bytes, position);
      },
      close: async () => {
        this.openWriters -= 1;
        await this.#pass();
      },
    };
  }

  async read(key: string, range?: { start: number; end: number }): Promise<StoredObject | undefined> {
    const object = this.objects.get(key);
    if (object === undefined) return undefined;
    const bytes = range === undefined ? object : object.subarray(range.start, range.end + 1);
    return { sizeBytes: object.length, stream: Readable.from([bytes]) };
  }

  async remove(key: string): Promise<void> {
    this.objects.delete(key);
  }

  async #pass(): Promise<void> {
    await this.gate;
    if (this.failWith !== undefined) throw this.failWith;
  }
}
