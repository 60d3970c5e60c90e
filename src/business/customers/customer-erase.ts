import type { Storage } from '../../platform/data/storage.ts';
import type { TenantActor } from '../tenancy/actor/actor.ts';
import { eraseAuditDetails } from '../tenancy/audit/audit.ts';
import { eraseEventDetails, happened } from '../tenancy/events/events.ts';
import type { Tenancy, Tx } from '../tenancy/tenancy.ts';
import type { CustomerId } from '../tenancy/ids/ids.ts';
import { customerEvents } from './customer-events.ts';
import type { CustomerHolding, HeldIds } from './customer-holding.ts';
import { eraseCustomerRows, listMerged } from './customer-queries.ts';
import { unlessMerged } from './customer-service.ts';
import { customerTable } from './customer-table.ts';
import { type ErasedCounts, erasedKinds } from './erasure.ts';

export interface ErasureDependencies {
  readonly tenancy: Tenancy;
  readonly storage: Pick<Storage, 'remove'>;
  readonly holdings: readonly CustomerHolding[];
}

/**
 * Erases a person's data and keeps what is not personal: that there was a call, its length and cost, an order's items
 * and total. A repeated erasure completes an interrupted one, and covers later data.
 */
export async function eraseCustomer(
  { tenancy, storage, holdings }: ErasureDependencies,
  actor: TenantActor,
  { customerId, at }: { readonly customerId: CustomerId; readonly at: Date },
): Promise<ErasedCounts> {
  // Files are deleted first, so that after a failure the rows still refer to what is left.
  const files = await tenancy.run(actor, async (tx) => (await findPerson(tx, customerId, holdings)).files);
  for (const key of files) await storage.remove(key);

  return tenancy.run(actor, async (tx) => {
    const { ids, held } = await findPerson(tx, customerId, holdings);
    const counts: Record<string, number> = Object.fromEntries(erasedKinds.map((kind) => [kind, 0]));
    for (const holding of holdings) Object.assign(counts, await holding.erase(tx, held));
    counts['customers'] = await eraseCustomerRows(tx, ids, at);
    const streams = holdings
      .filter(({ hasEvents }) => hasEvents)
      .flatMap(({ name, streamsOf = (id) => [id] }) => (held[name] ?? []).flatMap((id) => streamsOf(id)));
    counts['events'] = await eraseEventDetails(tx, streams);
    counts['auditEntries'] = await eraseAuditDetails(tx, Object.values(held).flat());
    counts['recordings'] = files.length;
    if (Object.values(counts).some((count) => count > 0)) {
      await happened(tx, actor, customerEvents.erased({ subject: customerId, details: counts }));
    }
    return counts as ErasedCounts;
  });
}

/** The customer and those merged into it, locked, with the ids of all their data. */
async function findPerson(tx: Tx, customerId: CustomerId, holdings: readonly CustomerHolding[]) {
  unlessMerged(await customerTable.lock(tx, customerId));
  const ids = [customerId, ...(await listMerged(tx, customerId)).map(({ id }) => id)];
  const held: Record<string, readonly string[]> = { customers: ids };
  for (const holding of holdings) held[holding.name] = await holding.idsOf(tx, ids);
  const files: string[] = [];
  for (const holding of holdings) {
    files.push(...((await holding.filesOf?.(tx, held[holding.name] ?? [])) ?? []));
  }
  return { ids, held: held as HeldIds, files };
}
