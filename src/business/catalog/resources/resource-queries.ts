import { matching } from '../../../platform/data/matching.ts';
import type { ResourceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';

/* Queries about resources for services and bookings. */

/** A resource with its name. */
export interface NamedResource {
  readonly id: ResourceId;
  readonly name: string;
}

/** Active resources ordered by slug, optionally among these ids. */
export function listActiveResources(tx: Tx, ids?: readonly ResourceId[]): Promise<readonly NamedResource[]> {
  return tx
    .selectFrom('bookingResource')
    .select(['id', 'name'])
    .where(matching('bookingResource', { tenantId: tx.tenantId, active: true, id: ids }))
    .orderBy('slug')
    .execute();
}

/** Ordered by name, with archived ones. */
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
