import { newId } from '../../../platform/data/ids.ts';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { foreignKeyViolation, unlessRefused } from '../../../platform/data/savepoint.ts';
import type { RequestedChange } from '../../../platform/data/version.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { ResourceId } from '../../tenancy/ids/ids.ts';
import { insertUnderSlug } from '../../tenancy/references/references.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { archivedNow, archiving } from '../archiving.ts';
import type { NewResource, Resource, ResourceChanges } from './resource.ts';
import { resourceEvents } from './resource-events.ts';
import { resourceTable } from './resource-table.ts';

export interface ResourceFilter {
  readonly active?: boolean | undefined;
  readonly archived?: boolean | undefined;
}

const byName = keyset(
  { column: 'booking_resource.name', property: 'name' },
  { column: 'booking_resource.id' },
);

/** Ordered by name. */
export function listResources(
  tx: Tx,
  { limit, cursor, active, archived = false }: PageRequest & ResourceFilter,
): Promise<Page<Resource>> {
  const query = tx
    .selectFrom('bookingResource')
    .select(resourceTable.columns)
    .where(matching('bookingResource', { tenantId: tx.tenantId, active }))
    .where('archivedAt', archived ? 'is not' : 'is', null);
  return byName.page(query, { limit, cursor });
}

export function getResource(tx: Tx, id: ResourceId): Promise<Resource> {
  return resourceTable.get(tx, id);
}

export async function createResource(tx: Tx, actor: TenantActor, input: NewResource): Promise<Resource> {
  const after = await insertUnderSlug({ slug: input.slug, name: input.name, kind: 'resource' }, (slug) =>
    resourceTable.insert(tx, { ...input, id: newId('rsc'), slug }),
  );
  await happened(tx, actor, resourceEvents.created({ subject: after.id, after }));
  return after;
}

export async function changeResource(
  tx: Tx,
  actor: TenantActor,
  id: ResourceId,
  { changes, ifMatch }: RequestedChange<ResourceChanges>,
): Promise<Resource> {
  const { archived, ...values } = changes;
  const before = await resourceTable.lock(tx, id, ifMatch);
  if (Object.keys(changes).length === 0) return before;
  const after = await resourceTable.update(tx, id, {
    ...values,
    ...archiving(before, { archived, active: values.active }),
  });
  await happened(tx, actor, resourceEvents.updated({ subject: id, before, after }));
  return after;
}

/** Removes a resource, or archives it if bookings refer to it. */
export async function removeResource(tx: Tx, actor: TenantActor, id: ResourceId): Promise<void> {
  const before = await resourceTable.lock(tx, id);
  const isRemoved = await unlessRefused(tx, [foreignKeyViolation], () => resourceTable.remove(tx, id));
  if (!isRemoved) await resourceTable.update(tx, id, archivedNow());
  const fact = isRemoved ? resourceEvents.deleted : resourceEvents.archived;
  await happened(tx, actor, fact({ subject: id, before }));
}
