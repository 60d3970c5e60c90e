// Emulates pg.Pool over the one connection of an embedded PGlite. Kysely's PostgresDialect and BullMQ's PostgreSQL
// backend both accept it, so there is one dialect and one set of value types.
import { EventEmitter } from 'node:events';
import { types } from 'pg';
import pgUtils from 'pg/lib/utils.js';
import { PgliteThread } from './thread.ts';
import { Mutex } from './mutex.ts';
import type { WireResult, WireValue, WorkerOptions } from './messages.ts';

const begins = /^\s*(begin|start\s+transaction)\b/i;
const ends = /^\s*(commit|end|abort|rollback(?!\s+(work\s+|transaction\s+)?to\b))\b/i;

type QueryConfig = string | { readonly text: string; readonly values?: readonly unknown[] | undefined };

export interface PglitePoolOptions extends Partial<WorkerOptions> {
  /** How long a statement waits for the one connection before it fails. */
  readonly waitLimitMs?: number;
}

export interface PgliteResult {
  readonly command: string;
  readonly rowCount: number | null;
  readonly fields: WireResult['fields'];
  readonly rows: Record<string, unknown>[];
}

export class PglitePool extends EventEmitter {
  readonly options = {};
  readonly #thread: PgliteThread;
  readonly #mutex: Mutex;
  #ended: Promise<void> | undefined;

  private constructor(thread: PgliteThread, waitLimitMs: number) {
    super();
    this.#thread = thread;
    this.#mutex = new Mutex(waitLimitMs);
    // Every client listens for notifications.
    this.setMaxListeners(0);
  }

  static async open(options: PglitePoolOptions = {}): Promise<PglitePool> {
    let pool: PglitePool | undefined;
    const thread = await PgliteThread.start(
      { folder: options.folder, snapshotFile: options.snapshotFile },
      (channel, payload) => pool?.emit('notification', { channel, payload, processId: 0 }),
    );
    pool = new PglitePool(thread, options.waitLimitMs ?? 10_000);
    return pool;
  }

  connect(): Promise<PgliteClient> {
    return Promise.try(() => this.#newClient());
  }

  async query(query: QueryConfig, values?: readonly unknown[]): Promise<PgliteResult> {
    const client = this.#newClient();
    try {
      return await client.query(query, values);
    } finally {
      client.release();
    }
  }

  snapshot(): Promise<Uint8Array> {
    return this.#mutex.run(() => this.#thread.snapshot());
  }

  /** Waits for open queries; a transaction that does not end in time is rolled back. */
  end(): Promise<void> {
    this.#ended ??= this.#close();
    return this.#ended;
  }

  async #close(): Promise<void> {
    const leave = await this.#mutex.enter().catch(() => undefined);
    await this.#thread.close();
    // Clients that still wait are rejected when the thread has ended.
    leave?.();
  }

  #newClient(): PgliteClient {
    if (this.#ended !== undefined) throw new Error('The embedded database has been closed.');
    return new PgliteClient(this, this.#mutex, (text, values) => this.#run(text, values));
  }

  async #run(text: string, values: readonly unknown[] | undefined): Promise<PgliteResult> {
    return parse(await this.#thread.query(text, values?.map(toWire)));
  }
}

/** One user of the connection. It has the lock for one statement, or for a whole transaction. */
export class PgliteClient extends EventEmitter {
  /** BullMQ sets keep-alive on the socket, which does not exist here. */
  readonly connection = { stream: { setKeepAlive: (): void => undefined } };
  readonly #pool: PglitePool;
  readonly #mutex: Mutex;
  readonly #run: (text: string, values: readonly unknown[] | undefined) => Promise<PgliteResult>;
  /** Releases the lock; set from `begin` to the end of the transaction. */
  #leave: (() => void) | undefined;
  #released = false;
  readonly #passOn = (message: unknown): void => void this.emit('notification', message);

  constructor(
    pool: PglitePool,
    mutex: Mutex,
    run: (text: string, values: readonly unknown[] | undefined) => Promise<PgliteResult>,
  ) {
    super();
    this.#pool = pool;
    this.#mutex = mutex;
    this.#run = run;
    pool.on('notification', this.#passOn);
  }

  async query(query: QueryConfig, values?: readonly unknown[]): Promise<PgliteResult> {
    if (this.#released) throw new Error('The client was used after its release.');
    const text = typeof query === 'string' ? query : query.text;
    const given = typeof query === 'string' ? values : (query.values ?? values);
    const parameters = given === undefined || given.length === 0 ? undefined : given;
    if (this.#leave !== undefined) {
      if (!ends.test(text)) return this.#run(text, parameters);
      try {
        return await this.#run(text, parameters);
      } finally {
        this.#endTransaction();
      }
    }
    if (!begins.test(text)) return this.#mutex.run(() => this.#run(text, parameters));
    const leave = await this.#mutex.enter();
    try {
      const result = await this.#run(text, parameters);
      this.#leave = leave;
      return result;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** As with `pg`, releasing a client with an open transaction rolls that back. */
  release(): void {
    if (this.#released) return;
    this.#released = true;
    this.#pool.off('notification', this.#passOn);
    if (this.#leave === undefined) return;
    this.#run('rollback', undefined)
      .catch(() => undefined) // the thread has ended, and the transaction with it
      .finally(() => this.#endTransaction());
  }

  #endTransaction(): void {
    this.#leave?.();
    this.#leave = undefined;
  }
}

function toWire(value: unknown): WireValue {
  // pg's own rule for parameters: arrays become array literals, objects JSON, dates local time with its offset.
  return pgUtils.prepareValue(value);
}

function parse(result: WireResult): PgliteResult {
  const columns = result.fields.map(({ name, dataTypeID }) => ({
    name,
    parse: types.getTypeParser(dataTypeID, 'text') as (text: string) => unknown,
  }));
  const rows = result.rows.map((row) =>
    Object.fromEntries(
      columns.map((column, index) => {
        const text = row[index];
        return [column.name, text === null || text === undefined ? null : column.parse(text)];
      }),
    ),
  );
  return { ...result, rows };
}
