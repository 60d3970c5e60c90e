import { type Db, withTenant } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { NumberCarrier, NumberWebhooks, OrderOutcome } from './number-carrier.ts';
import * as queries from './number-queries.ts';

export interface SettleDependencies {
  readonly db: Db;
  readonly carrier: NumberCarrier;
  readonly webhooks: NumberWebhooks;
}

/**
 * Brings one number's business with the carrier to its end. Safe to repeat, and safe beside somebody who has begun it
 * and was cut off. A VendorError leaves it open.
 */
export async function settleNumber(
  dependencies: SettleDependencies,
  tenantId: TenantId,
  row: queries.NumberRow,
): Promise<void> {
  const { db, carrier } = dependencies;
  if (row.status === 'releasing') {
    if (row.carrierSid !== null) await carrier.release(row.carrierSid);
    await withTenant(db, tenantId, (transaction) =>
      queries.settle(transaction, tenantId, row, { status: 'released', releasedAt: new Date() }),
    );
    return;
  }
  const outcome = await obtain(dependencies, row);
  await withTenant(db, tenantId, (transaction) =>
    outcome.type === 'ordered'
      ? queries.settle(transaction, tenantId, row, {
          status: 'active',
          carrierSid: outcome.owned.carrierSid,
          capabilities: JSON.stringify(outcome.owned.capabilities),
        })
      : queries.settle(transaction, tenantId, row, {
          status: 'failed',
          failure: outcome.reason,
          // It keeps no agent from being removed.
          afterHoursAgentId: null,
        }),
  );
}

/** The carrier sells a number once, so what an earlier attempt has bought is found rather than bought again. */
async function obtain(
  { carrier, webhooks }: SettleDependencies,
  { number, carrierSid, attempts }: queries.NumberRow,
): Promise<OrderOutcome> {
  if (carrierSid !== null) {
    const owned = await carrier.configure(carrierSid, webhooks);
    if (owned !== undefined) return { type: 'ordered', owned };
    return { type: 'refused', reason: 'The carrier’s account has this number no more.' };
  }
  if (attempts > 1) {
    const owned = await carrier.findOwned(number);
    // An order of ours names our address in the same request; any other number of the account is not this order's.
    if (owned?.voiceUrl === webhooks.voiceUrl) return { type: 'ordered', owned };
  }
  return carrier.order(number, webhooks);
}
