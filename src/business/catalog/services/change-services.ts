import { newId } from '../../../platform/data/ids.ts';
import { foreignKeyViolation, unlessRefused } from '../../../platform/data/savepoint.ts';
import type { ExpectedVersions, RequestedChange } from '../../../platform/data/version.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { ResourceId, ServiceId } from '../../tenancy/ids/ids.ts';
import { insertUnderSlug } from '../../tenancy/references/references.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import { archivedNow, archiving } from '../archiving.ts';
import { countResources } from '../resources/resources.ts';
import type { NewService, Service, ServiceChanges } from './service.ts';
import { serviceEvents } from './service-events.ts';
import { getService } from './service-queries.ts';
import { serviceTable } from './service-table.ts';

export async function createService(tx: Tx, actor: TenantActor, input: NewService): Promise<Service> {
  const { resourceIds, ...values } = input;
  const currency = input.currency ?? (await getTenant(tx)).currency;
  const row = await insertUnderSlug({ slug: input.slug, name: input.name, kind: 'service' }, (slug) =>
    serviceTable.insert(tx, { ...values, id: newId('svc'), slug, currency }),
  );
  const after = { ...row, resourceIds: await assign(tx, row.id, resourceIds) };
  await happened(tx, actor, serviceEvents.created({ subject: after.id, after }));
  return after;
}

export async function changeService(
  tx: Tx,
  actor: TenantActor,
  id: ServiceId,
  { changes, ifMatch }: RequestedChange<ServiceChanges>,
): Promise<Service> {
  const { resourceIds, archived, ...values } = changes;
  const before = await lockService(tx, id, ifMatch);
  if (Object.keys(changes).length === 0) return before;
  const row = await serviceTable.update(tx, id, {
    ...values,
    ...archiving(before, { archived, active: values.active }),
  });
  const assigned = resourceIds === undefined ? before.resourceIds : await assign(tx, id, resourceIds);
  const after = { ...row, resourceIds: assigned };
  await happened(tx, actor, serviceEvents.updated({ subject: id, before, after }));
  return after;
}

/** Removes a service, or archives it if bookings refer to it. */
export async function removeService(tx: Tx, actor: TenantActor, id: ServiceId): Promise<void> {
  const before = await lockService(tx, id);
  const isRemoved = await unlessRefused(tx, [foreignKeyViolation], () => serviceTable.remove(tx, id));
  if (!isRemoved) await serviceTable.update(tx, id, archivedNow());
  const fact = isRemoved ? serviceEvents.deleted : serviceEvents.archived;
  await happened(tx, actor, fact({ subject: id, before }));
}

async function lockService(tx: Tx, id: ServiceId, ifMatch?: ExpectedVersions): Promise<Service> {
  await serviceTable.lock(tx, id, ifMatch);
  return getService(tx, id);
}

/** Replaces the resources that perform the service. */
async function assign(
  tx: Tx,
  serviceId: ServiceId,
  resourceIds: readonly ResourceId[],
): Promise<ResourceId[]> {
  const { tenantId } = tx;
  const wanted = [...new Set(resourceIds)].toSorted();
  const known = wanted.length === 0 ? 0 : await countResources(tx, wanted);
  if (known !== wanted.length) {
    throw new InvalidInput(
      'Not all of these resources exist.',
      [{ pointer: '/resourceIds', detail: 'must be ids of resources' }],
      { code: 'resources-unknown' },
    );
  }
  await tx
    .deleteFrom('serviceResource')
    .where('tenantId', '=', tenantId)
    .where('serviceId', '=', serviceId)
    .execute();
  if (wanted.length === 0) return wanted;
  await tx
    .insertInto('serviceResource')
    .values(wanted.map((resourceId) => ({ tenantId, serviceId, resourceId })))
    .execute();
  return wanted;
}
