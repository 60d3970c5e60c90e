import { matching } from '../../../platform/data/matching.ts';
import type { ResourceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';

/* What services and bookings ask about resources. */

/** A resource by its name. */
export interface NamedResource {
  readonly id: ResourceId;
  readonly name: string;
}

/** Those that can be booked, in the order of their slugs; of these ids, where some are given. */
export function listActiveResources(tx: Tx, ids?: readonly ResourceId[]): Promise<readonly NamedResource[]> {
  return tx
    .selectFrom('bookingResource')
    .select(['id', 'name'])
    .where(matching('bookingResource', { tenantId: tx.tenantId, active: true, id: ids }))
    .orderBy('slug')
    .execute();
}

/** By name; the archived too. */
export function listAllResources(tx: Tx): Promise<readonly (NamedResource & { readonly active: boolean })[]> {
  return tx
    .selectFrom('bookingResource')
    .select(['id', 'name', 'active'])
    .where('tenantId', '=', tx.tenantId)
    .orderBy('name')
    .orderBy('id')
    .execute();
}

export async function resourceNames(
  tx: Tx,
  ids: readonly ResourceId[],
): Promise<ReadonlyMap<ResourceId, string>> {
  const rows = await tx
    .selectFrom('bookingResource')
    .select(['id', 'name'])
    .where(matching('bookingResource', { tenantId: tx.tenantId, id: ids }))
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** How many of these exist and are not archived. */
export async function countResources(tx: Tx, ids: readonly ResourceId[]): Promise<number> {
  const rows = await tx
    .selectFrom('bookingResource')
    .select('id')
    .where(matching('bookingResource', { tenantId: tx.tenantId, id: ids, archivedAt: null }))
    .execute();
  return rows.length;
}
