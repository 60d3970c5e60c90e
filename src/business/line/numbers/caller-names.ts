import type { Logger } from 'pino';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { findCustomerByPhone } from '../../customers/service.ts';

export interface CallerNamesDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
}

const MAX_NAMES = 10_000;
/** A name that was learnt on the last call is known on the next one. */
const KEPT_MS = 60_000;
/** A database that takes longer than calls come in is not asked for names too. */
const MAX_LOOKING_UP = 20;

/**
 * Who calls, as far as it is on record: asked for when the telephone rings, used when the agent first speaks of it.
 * Nothing on the call waits for it; without the database callers have no names.
 */
export class CallerNames {
  readonly #dependencies: CallerNamesDependencies;
  readonly #names = new Map<string, { readonly name: string | undefined; readonly atMs: number }>();
  #lookingUp = 0;

  constructor(dependencies: CallerNamesDependencies) {
    this.#dependencies = dependencies;
  }

  /** Starts to look, unless it is known. Never throws, and never rejects. */
  async lookUp(tenantId: TenantId, phone: string): Promise<void> {
    if (this.#fresh(keyOf(tenantId, phone)) !== undefined || this.#lookingUp >= MAX_LOOKING_UP) return;
    const { db, clock, logger } = this.#dependencies;
    this.#lookingUp += 1;
    try {
      const customer = await findCustomerByPhone(db, tenantId, phone);
      this.#keep(keyOf(tenantId, phone), customer?.name ?? undefined, clock.nowMs());
    } catch (error) {
      logger.debug({ err: error }, 'a caller’s name could not be looked up');
    } finally {
      this.#lookingUp -= 1;
    }
  }

  find(tenantId: TenantId, phone: string): string | undefined {
    return this.#fresh(keyOf(tenantId, phone))?.name;
  }

  #fresh(key: string): { readonly name: string | undefined } | undefined {
    const kept = this.#names.get(key);
    if (kept === undefined || this.#dependencies.clock.nowMs() - kept.atMs > KEPT_MS) return undefined;
    return kept;
  }

  #keep(key: string, name: string | undefined, atMs: number): void {
    this.#names.delete(key);
    this.#names.set(key, { name, atMs });
    if (this.#names.size <= MAX_NAMES) return;
    const oldest = this.#names.keys().next().value;
    if (oldest !== undefined) this.#names.delete(oldest);
  }
}

function keyOf(tenantId: TenantId, phone: string): string {
  return `${tenantId} ${phone}`;
}
