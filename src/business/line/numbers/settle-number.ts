import { sql, type Updateable } from 'kysely';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { Tenancy, Tx } from '../../tenancy/tenancy.ts';
import type { NumberCarrier, NumberWebhooks, OrderOutcome } from './number-carrier.ts';
import { numberEvents } from './number-events.ts';
import { type PhoneNumberRow, type PhoneNumberTable, phoneNumberTable } from './phone-number-table.ts';

export interface SettleDependencies {
  readonly tenancy: Tenancy;
  readonly carrier: NumberCarrier;
  readonly webhooks: NumberWebhooks;
}

/**
 * Completes the order or the release of one number at the carrier. Safe to repeat, and safe beside a process that has
 * begun it and was cut off. A VendorError leaves it open.
 */
export async function settleNumber(
  dependencies: SettleDependencies,
  actor: TenantActor,
  row: PhoneNumberRow,
): Promise<void> {
  const end =
    row.status === 'releasing'
      ? await giveBack(dependencies, row)
      : endOfOrder(await obtain(dependencies, row));
  await dependencies.tenancy.run(actor, (tx) => settle(tx, actor, row, end));
}

interface End {
  readonly fact: typeof numberEvents.activated | typeof numberEvents.refused | typeof numberEvents.returned;
  readonly values: Updateable<PhoneNumberTable>;
}

async function giveBack({ carrier }: SettleDependencies, { carrierSid }: PhoneNumberRow): Promise<End> {
  if (carrierSid !== null) await carrier.release(carrierSid);
  return { fact: numberEvents.returned, values: { status: 'released', releasedAt: new Date() } };
}

function endOfOrder(outcome: OrderOutcome): End {
  if (outcome.type === 'ordered') {
    const { carrierSid, capabilities } = outcome.owned;
    return {
      fact: numberEvents.activated,
      values: { status: 'active', carrierSid, capabilities: JSON.stringify(capabilities) },
    };
  }
  return {
    fact: numberEvents.refused,
    // A failed number keeps no agent from being removed.
    values: { status: 'failed', failure: outcome.reason, afterHoursAgentId: null },
  };
}

/** Changes nothing when another process has settled it meanwhile. */
async function settle(tx: Tx, actor: TenantActor, row: PhoneNumberRow, { fact, values }: End): Promise<void> {
  const after = await tx
    .updateTable('phoneNumber')
    .set({ ...values, version: sql<number>`version + 1`, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tx.tenantId)
    .where('id', '=', row.id)
    .where('status', '=', row.status)
    .returning(phoneNumberTable.columns)
    .executeTakeFirst();
  if (after !== undefined) await happened(tx, actor, fact({ subject: row.id, after }));
}

/** The carrier sells a number once, so what an earlier attempt has bought is found rather than bought again. */
async function obtain(
  { carrier, webhooks }: SettleDependencies,
  { number, carrierSid, attempts }: PhoneNumberRow,
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
