import type { Logger } from 'pino';
import type { CancelTimer, Clock } from '../../../platform/process/clock.ts';
import { withSystem, withTenant } from '../../../platform/data/db.ts';
import * as queries from './queries.ts';
import { type SettleDependencies, settleNumber } from './settle-number.ts';

interface UnfinishedOrdersDependencies extends SettleDependencies {
  readonly clock: Clock;
  readonly logger: Logger;
}

const lookEveryMs = 20_000;
const batchSize = 20;

/**
 * Finishes what was begun with the carrier and not brought to its end: the process was killed between the order and
 * its confirmation, or the carrier could not be reached. Several nodes may look; each number is settled by one.
 */
export class UnfinishedOrders implements AsyncDisposable {
  readonly #dependencies: UnfinishedOrdersDependencies;
  #cancelTimer: CancelTimer | undefined;
  #looking: Promise<void> | undefined;
  #isClosed = false;

  constructor(dependencies: UnfinishedOrdersDependencies) {
    this.#dependencies = dependencies;
    this.#arm();
  }

  /** Looks now; the timer does so by itself. Never rejects. */
  look(): Promise<void> {
    this.#cancelTimer?.();
    this.#looking ??= this.#settleAll().finally(() => {
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

  async #settleAll(): Promise<void> {
    const { db, logger } = this.#dependencies;
    try {
      const open = await withSystem(db, (transaction) => queries.listUnsettled(transaction, batchSize));
      for (const { tenantId, id } of open) {
        if (this.#isClosed) return;
        const claimed = await withTenant(db, tenantId, (transaction) =>
          queries.claimUnsettled(transaction, tenantId, id),
        );
        if (claimed === undefined) continue;
        await settleNumber(this.#dependencies, tenantId, claimed).catch((error: unknown) =>
          logger.warn(
            { err: error, numberId: id },
            'number order still not settled with carrier; will retry',
          ),
        );
      }
    } catch (error) {
      logger.warn({ err: error }, 'unfinished number order scan failed; will retry');
    }
  }
}
