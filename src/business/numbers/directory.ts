import type { Logger } from 'pino';
import type { CancelTimer, Clock } from '../../platform/clock.ts';
import { type Db, withSystem } from '../../platform/db.ts';
import type { Line, LineDirectory } from './line.ts';
import { type LineSnapshot, parseLine } from './line-snapshot.ts';
import * as queries from './queries.ts';

export interface DirectoryDependencies {
  readonly db: Db;
  readonly snapshot: LineSnapshot;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told of all lines at the start and after every change, to make ready what their calls will need. */
  readonly onLines?: (lines: readonly Line[]) => void;
}

// A change is to be heard on the next call two seconds later. One small read a second is cheaper to rely on than a
// notification, which a lost connection or a busy pool can swallow.
const lookEveryMs = 1_000;

/**
 * All lines in memory, looked after by a timer. With the database out of reach it serves what it has; started without
 * the database it serves what it had when it last ran.
 */
export class StoredLineDirectory implements LineDirectory, AsyncDisposable {
  readonly #dependencies: DirectoryDependencies;
  #lines: ReadonlyMap<string, Line> = new Map();
  #stamp: number | undefined;
  #isOutOfReach = false;
  #isClosed = false;
  #cancelTimer: CancelTimer | undefined;
  #looking: Promise<void> | undefined;

  private constructor(dependencies: DirectoryDependencies) {
    this.#dependencies = dependencies;
  }

  /** Resolves when there is something to serve, from the database or from the last run. */
  static async open(dependencies: DirectoryDependencies): Promise<StoredLineDirectory> {
    const directory = new StoredLineDirectory(dependencies);
    const kept = await dependencies.snapshot.read();
    directory.#lines = byNumber(kept);
    await directory.refresh();
    // Nothing from the database: what was kept is what there is.
    if (directory.#stamp === undefined) dependencies.onLines?.(kept);
    return directory;
  }

  find(number: string): Line | undefined {
    return this.#lines.get(number);
  }

  /** Looks for changes now; the timer does so by itself. Never rejects. */
  refresh(): Promise<void> {
    this.#cancelTimer?.();
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
      if (this.#isClosed) return;
      this.#cancelTimer = this.#dependencies.clock.after(lookEveryMs, () => void this.refresh());
    });
    return this.#looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { db, logger } = this.#dependencies;
    try {
      const changed = await withSystem(db, async (transaction) => {
        // The stamp first: lines that change in between only make the next look load again.
        const stamp = await queries.readStamp(transaction);
        return stamp === this.#stamp ? undefined : { stamp, rows: await queries.listLines(transaction) };
      });
      if (this.#isOutOfReach) logger.info('number directory is up to date again');
      this.#isOutOfReach = false;
      if (changed !== undefined) await this.#replace(changed.rows, changed.stamp);
    } catch (error) {
      if (!this.#isOutOfReach) {
        logger.warn({ err: error, lines: this.#lines.size }, 'number directory serves its last snapshot');
      }
      this.#isOutOfReach = true;
    }
  }

  async #replace(rows: readonly unknown[], stamp: number): Promise<void> {
    const { logger, snapshot } = this.#dependencies;
    const lines = rows.flatMap((row) => {
      const line = parseLine(row);
      // One agent this server cannot read must not silence the others.
      if (line === undefined)
        logger.error({ row: identify(row) }, 'a line is not served: its agent cannot be read');
      return line ?? [];
    });
    this.#lines = byNumber(lines);
    this.#stamp = stamp;
    this.#dependencies.onLines?.(lines);
    await snapshot.write(lines).catch((error: unknown) => {
      logger.warn({ err: error }, 'number directory could not be kept for the next start');
    });
  }
}

function byNumber(lines: readonly Line[]): ReadonlyMap<string, Line> {
  return new Map(lines.map((line) => [line.number, line]));
}

function identify(row: unknown): unknown {
  return typeof row === 'object' && row !== null && 'numberId' in row ? row.numberId : undefined;
}
