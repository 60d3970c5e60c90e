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
const NAME_TTL_MS = 60_000;
/** A database that is slower than calls come in is not loaded with more look-ups than these. */
const MAX_LOOKUPS = 20;

/**
 * A cache of callers' names: filled when the telephone rings, read when the agent is about to speak. Nothing on the
 * call waits for it; while the database is away callers have no names.
 */
export class CallerNames {
  readonly #dependencies: CallerNamesDependencies;
  readonly #names: LRUCache<string, { readonly name: string | undefined }>;
  #lookingUp = 0;

  constructor(dependencies: CallerNamesDependencies) {
    this.#dependencies = dependencies;
    this.#names = new LRUCache({ max: MAX_NAMES, ...expireAfter(NAME_TTL_MS, dependencies.clock) });
  }

  /** Looks the name up unless it is cached. Never throws, and never rejects. */
  async lookUp(tenantId: TenantId, phone: string): Promise<void> {
    const key = keyOf(tenantId, phone);
    if (this.#names.has(key) || this.#lookingUp >= MAX_LOOKUPS) return;
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
