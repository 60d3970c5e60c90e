import type { Insertable } from 'kysely';
import type { z } from 'zod';
import { idAt, type TenantId } from '../../../platform/data/ids.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page } from '../../../platform/data/paging.ts';
import type { SystemTx, Tx } from '../tenancy.ts';
import type { AuditEntry, auditQuery } from './audit-entry.ts';
import type { AuditEntryTable } from './audit-entry-table.ts';

// Tolerance between the time in an entry's id and its own, which is the start of its transaction.
const slackMs = 120_000;
const newestFirst = keyset({ column: 'auditEntry.id' });

export async function listAuditEntries(
  tx: Tx,
  { limit, cursor, since, until, ...filter }: z.output<typeof auditQuery>,
): Promise<Page<AuditEntry>> {
  const query = tx
    .selectFrom('auditEntry')
    .select([
      'id',
      'at',
      'actorType',
      'actorId',
      'impersonatedBy',
      'address',
      'action',
      'resource',
      'resourceId',
      'before',
      'after',
    ])
    .where(
      matching('auditEntry', {
        ...filter,
        tenantId: tx.tenantId,
        at: { from: since, before: until },
        // Ids sort by time, so the primary key's index narrows the range.
        id: {
          from: since && idAt('aud', since.getTime() - slackMs),
          before: until && idAt('aud', until.getTime() + slackMs),
        },
      }),
    );
  const page = await newestFirst.page(query, { limit, cursor, direction: 'desc' });
  const data = page.data.map(({ actorType, actorId, impersonatedBy, ...entry }) => ({
    ...entry,
    actor: { type: actorType, id: actorId, impersonatedBy },
  }));
  return { ...page, data };
}

/** Idempotent: an existing id is the same entry. */
export async function insertAuditEntry(
  tx: Tx | SystemTx,
  tenantId: TenantId,
  entry: Omit<Insertable<AuditEntryTable>, 'tenantId'>,
): Promise<void> {
  await tx
    .insertInto('auditEntry')
    .values({ ...entry, tenantId })
    .onConflict((conflict) => conflict.columns(['tenantId', 'id']).doNothing())
    .execute();
}
