import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { CallRecord } from '../../business/record/calls/calls.ts';
import { parseJournal } from './journal-line.ts';

// While the disk refuses, lines wait in memory: a long call makes a few hundred. Past this the oldest go, which
// leaves a hole in the file; the copy to the database has them from elsewhere.
const maxWaitingLines = 10_000;

/**
 * The append-only file of one call. Appending only puts a line into memory; `flush` writes what has gathered. A disk
 * that fails (full, unmounted) is tried again at each flush, at the same place, so a half-written line is overwritten.
 */
export class JournalFile {
  readonly path: string;
  #file: FileHandle | undefined;
  #waiting: string[] = [];
  #writtenBytes = 0;
  #isEnding = false;
  // Two writes at once would share a position.
  readonly #oneAtATime = pLimit(1);
  /** Lines that found no place while the disk was failing. */
  droppedLines = 0;

  readonly #open: typeof open;

  constructor(path: string, openFile: typeof open = open) {
    this.path = path;
    this.#open = openFile;
  }

  /** True while a flush has something to do: lines to write, or an end to bring about. */
  get needsFlush(): boolean {
    return this.#waiting.length > 0 || (this.#isEnding && this.#file !== undefined);
  }

  append(line: string): void {
    this.#waiting.push(line);
    if (this.#waiting.length <= maxWaitingLines) return;
    this.#waiting.shift();
    this.droppedLines += 1;
  }

  /** Writes what waits. Rejects when the disk does; nothing is lost by that, the lines wait on. */
  flush(): Promise<void> {
    return this.#oneAtATime(() => this.#write());
  }

  /** Flushes, and waits for the disk itself, not only for the system's cache. Where that fails, flush again. */
  close(): Promise<void> {
    this.#isEnding = true;
    return this.flush();
  }

  get isClosed(): boolean {
    return this.#isEnding && !this.needsFlush;
  }

  /** Up to `limit` records after `sequence`, of what has been flushed. */
  async readAfter(sequence: number, limit: number): Promise<readonly CallRecord[]> {
    const { records } = parseJournal(await readFile(this.path));
    return records.slice(sequence, sequence + limit);
  }

  async remove(): Promise<void> {
    this.#isEnding = true;
    this.#waiting = [];
    await this.flush();
    await rm(this.path, { force: true });
  }

  async #write(): Promise<void> {
    if (this.#waiting.length > 0) await this.#writeWaiting();
    if (!this.#isEnding) return;
    await this.#file?.sync();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #writeWaiting(): Promise<void> {
    // Lines that came while a write before the last was under way find the file closed again.
    this.#file ??= await this.#open(this.path, this.#writtenBytes === 0 ? 'wx' : 'r+');
    const lines = this.#waiting;
    this.#waiting = [];
    const bytes = Buffer.from(lines.join(''));
    let done = 0;
    try {
      while (done < bytes.length) {
        const { bytesWritten } = await this.#file.write(
          bytes,
          done,
          bytes.length - done,
          this.#writtenBytes + done,
        );
        done += bytesWritten;
      }
      this.#writtenBytes += done;
    } catch (error) {
      this.#waiting = [...lines, ...this.#waiting];
      throw error;
    }
  }
}
