import { type FileHandle, open, readFile, rm } from 'node:fs/promises';
import pLimit from 'p-limit';
import type { CallRecord } from '../../business/record/calls/calls.ts';
import { parseJournal } from './journal-line.ts';

// While writes fail, lines are buffered in memory; a long call has a few hundred. Above this limit the oldest are
// dropped from the file only: they reach the database from the copier's own buffer.
const maxWaitingLines = 10_000;

/**
 * The append-only file of one call. `append` buffers a line in memory; `flush` writes the buffer. A failed write (disk
 * full, unmounted) is retried at each flush at the same offset, so that a half-written line is overwritten.
 */
export class JournalFile {
  readonly path: string;
  #file: FileHandle | undefined;
  #waiting: string[] = [];
  #writtenBytes = 0;
  #isEnding = false;
  // Concurrent writes would use the same offset.
  readonly #oneAtATime = pLimit(1);
  /** Lines dropped because the buffer was full while writes failed. */
  droppedLines = 0;

  readonly #open: typeof open;

  constructor(path: string, openFile: typeof open = open) {
    this.path = path;
    this.#open = openFile;
  }

  /** True while there are lines to write or a file to close. */
  get needsFlush(): boolean {
    return this.#waiting.length > 0 || (this.#isEnding && this.#file !== undefined);
  }

  append(line: string): void {
    this.#waiting.push(line);
    if (this.#waiting.length <= maxWaitingLines) return;
    this.#waiting.shift();
    this.droppedLines += 1;
  }

  /** Writes the buffered lines. Rejects if the write fails; the lines stay buffered. */
  flush(): Promise<void> {
    return this.#oneAtATime(() => this.#write());
  }

  /** Flushes and syncs the file to disk (fsync). If it rejects, flush again. */
  close(): Promise<void> {
    this.#isEnding = true;
    return this.flush();
  }

  get isClosed(): boolean {
    return this.#isEnding && !this.needsFlush;
  }

  /** Up to `limit` flushed records after `sequence`. */
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
    // The file may have been closed since these lines were appended.
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
