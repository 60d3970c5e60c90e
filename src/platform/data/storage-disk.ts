import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Storage, StorageWriter, StoredObject } from './storage.ts';

/** Objects as files under one folder. */
export class DiskStorage implements Storage {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async create(key: string): Promise<StorageWriter> {
    const path = this.#path(key);
    await mkdir(dirname(path), { recursive: true });
    // 'wx', because an object is written once; a second writer with the same key is a bug.
    return diskWriter(await open(path, 'wx'));
  }

  async read(key: string, range?: { start: number; end: number }): Promise<StoredObject | undefined> {
    const path = this.#path(key);
    const found = await stat(path).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    if (found === undefined || !found.isFile()) return undefined;
    return { sizeBytes: found.size, stream: createReadStream(path, range) };
  }

  async remove(key: string): Promise<void> {
    await rm(this.#path(key), { force: true });
  }

  /** Keys are generated, but pass through the database and URLs, so a path outside of the folder is refused. */
  #path(key: string): string {
    const isPlain = key.split('/').every((part) => /^[\w-][\w.-]*$/.test(part));
    if (!isPlain) throw new Error('A storage key is a relative path of plain names.');
    return join(this.#folder, key);
  }
}

function diskWriter(file: FileHandle): StorageWriter {
  let lengthBytes = 0;
  return {
    async append(bytes) {
      const position = lengthBytes;
      lengthBytes += bytes.byteLength;
      await writeAll(file, bytes, position);
    },
    async patch(position, bytes) {
      if (position + bytes.byteLength > lengthBytes) throw new Error('Only what was written can be patched.');
      await writeAll(file, bytes, position);
    },
    close: () => file.close(),
  };
}

/** A single `write` may write only a part. */
async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.byteLength) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}
