import type { Logger } from 'pino';
import type { CancelTimer, Clock } from '../../../platform/process/clock.ts';
import { type Db, withSystem, withTenant } from '../../../platform/data/db.ts';
import type { Storage } from '../../../platform/data/storage.ts';
import * as queries from './recording-queries.ts';

export interface ExpiredRecordingsDependencies {
  readonly db: Db;
  readonly storage: Pick<Storage, 'remove'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const lookEveryMs = 3_600_000;
const batchSize = 100;

/**
 * Deletes the audio of calls that is older than their agent keeps it (`recording.keepDays` of what is published).
 * The calls themselves stay. Several nodes may look: removing twice is removing once.
 */
export class ExpiredRecordings implements AsyncDisposable {
  readonly #dependencies: ExpiredRecordingsDependencies;
  #cancelTimer: CancelTimer | undefined;
  #looking: Promise<void> | undefined;
  #isClosed = false;

  constructor(dependencies: ExpiredRecordingsDependencies) {
    this.#dependencies = dependencies;
    this.#arm();
  }

  /** Looks now; the timer does so by itself. Never rejects. */
  look(): Promise<void> {
    this.#cancelTimer?.();
    this.#looking ??= this.#removeAll().finally(() => {
      this.#looking = undefined;
      if (!this.#isClosed) this.#arm();
    });
    return this.#looking;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    await this.#looking;
  }

  #arm(): void {
    this.#cancelTimer = this.#dependencies.clock.after(lookEveryMs, () => void this.look());
  }

  async #removeAll(): Promise<void> {
    const { db, logger } = this.#dependencies;
    try {
      const agents = await withSystem(db, (transaction) => queries.listRetentions(transaction));
      for (const agent of agents) await this.#removeOf(agent);
    } catch (error) {
      logger.warn({ err: error }, 'expired recording deletion failed; will retry');
    }
  }

  async #removeOf({ tenantId, agentId, keepDays }: queries.Retention): Promise<void> {
    const { db, storage, clock } = this.#dependencies;
    const before = new Date(clock.date().getTime() - keepDays * 24 * 3_600_000);
    for (let isMore = true; isMore && !this.#isClosed;) {
      const expired = await withTenant(db, tenantId, (transaction) =>
        queries.listExpired(transaction, tenantId, { agentId, before, limit: batchSize }),
      );
      // The audio first: what fails in between is found again.
      for (const { recordingKey } of expired) await storage.remove(recordingKey);
      await withTenant(db, tenantId, (transaction) =>
        queries.forgetRecordings(
          transaction,
          tenantId,
          expired.map(({ id }) => id),
        ),
      );
      isMore = expired.length === batchSize;
    }
  }
}
