import { sql } from 'kysely';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import type { ResourceId, ServiceId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { listActiveResources, type NamedResource } from '../resources/resources.ts';
import type { Service } from './service.ts';
import { serviceTable } from './service-table.ts';

export interface ServiceFilter {
  readonly active?: boolean | undefined;
  readonly archived?: boolean | undefined;
}

const byName = keyset({ column: 'service.name' }, { column: 'service.id' });

/** Ordered by name. */
export function listServices(
  tx: Tx,
  { limit, cursor, active, archived = false }: PageRequest & ServiceFilter,
): Promise<Page<Service>> {
  const query = selectServices(tx)
    .where(matching('service', { active }))
    .where('archivedAt', archived ? 'is not' : 'is', null);
  return byName.page(query, { limit, cursor });
}

export async function getService(tx: Tx, id: ServiceId): Promise<Service> {
  const service = await selectServices(tx).where('id', '=', id).executeTakeFirst();
  if (service === undefined) throw new NotFound('There is no such service.');
  return service;
}

/** Services that can be booked, ordered by name. */
export function listOfferedServices(tx: Tx): Promise<readonly Service[]> {
  return selectServices(tx).where('active', '=', true).orderBy('name').orderBy('id').execute();
}

/** A service that can be booked, by id, slug or name, case-insensitively. */
export async function getOfferedService(tx: Tx, wanted: string): Promise<Service> {
  const key = wanted.trim().toLowerCase();
  const service = await selectServices(tx)
    .where('active', '=', true)
    .where(sql<boolean>`(id = ${key} or slug = ${key} or lower(name) = ${key})`)
    .orderBy('name')
    .orderBy('id')
    .executeTakeFirst();
  if (service !== undefined) return service;
  const offered = (await listOfferedServices(tx)).map(({ name }) => name);
  const offer = offered.join(', ') || 'nothing at the moment';
  throw new NotFound(`"${wanted}" cannot be booked here. What can: ${offer}.`, {
    code: 'service-not-offered',
    data: { offered },
  });
}

/** The active resources that can perform it: those assigned, or all if none are. */
export function listPerformers(
  tx: Tx,
  { resourceIds }: Pick<Service, 'resourceIds'>,
): Promise<readonly NamedResource[]> {
  return listActiveResources(tx, resourceIds.length === 0 ? undefined : resourceIds);
}

export async function serviceNames(
  tx: Tx,
  ids: readonly ServiceId[],
): Promise<ReadonlyMap<ServiceId, string>> {
  const rows = await tx
    .selectFrom('service')
    .select(['id', 'name'])
    .where(matching('service', { tenantId: tx.tenantId, id: ids }))
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Services with the resources that perform them. */
function selectServices(tx: Tx) {
  return tx
    .selectFrom('service')
    .select(serviceTable.columns)
    .select(
      sql<ResourceId[]>`array(
        select resource_id from service_resource
        where service_resource.tenant_id = service.tenant_id and service_resource.service_id = service.id
        order by resource_id)`.as('resourceIds'),
    )
    .where(matching('service', { tenantId: tx.tenantId }));
}
