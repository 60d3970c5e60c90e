import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { expireAfter } from '../../../platform/process/cache.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { findCustomerByPhone } from '../../customers/customers.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';

export interface CallerNamesDependencies {
  readonly tenancy: Tenancy;
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
  readonly #names: LRUCache<string, { readonly name: string | undefined }>;
  #lookingUp = 0;

  constructor(dependencies: CallerNamesDependencies) {
    this.#dependencies = dependencies;
    this.#names = new LRUCache({ max: MAX_NAMES, ...expireAfter(KEPT_MS, dependencies.clock) });
  }

  /** Starts to look, unless it is known. Never throws, and never rejects. */
  async lookUp(tenantId: TenantId, phone: string): Promise<void> {
    const key = keyOf(tenantId, phone);
    if (this.#names.has(key) || this.#lookingUp >= MAX_LOOKING_UP) return;
    const { tenancy, logger } = this.#dependencies;
    this.#lookingUp += 1;
    try {
      const customer = await tenancy.run({ tenantId }, (tx) => findCustomerByPhone(tx, phone));
      this.#names.set(key, { name: customer?.name ?? undefined });
    } catch (error) {
      logger.debug({ err: error }, 'caller name lookup failed');
    } finally {
      this.#lookingUp -= 1;
    }
  }

  find(tenantId: TenantId, phone: string): string | undefined {
    return this.#names.get(keyOf(tenantId, phone))?.name;
  }
}

function keyOf(tenantId: TenantId, phone: string): string {
  return `${tenantId} ${phone}`;
}
