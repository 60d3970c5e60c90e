import { z } from 'zod';
import type { BookingResourceId } from './booking-resource-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import { InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { ServiceId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { foreignKeyViolation, unlessRefused } from '../../../platform/data/savepoint.ts';
import type { TenantActor } from '../../tenancy/access/actor.ts';
import { checkMatch } from '../../tenancy/access/etag.ts';
import { archivedNow, archiving } from '../archiving.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import type { Service } from '../../desk/bookings/offer.ts';
import { insertUnderSlug } from '../../tenancy/references/slug.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import * as queries from './queries.ts';
import { presentService } from './schema.ts';

/** Something people can book, and who performs it. */
export interface OfferedService extends Service {
  /** None: every active resource. */
  readonly resourceIds: readonly BookingResourceId[];
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

type Settable = Omit<Service, 'id' | 'slug' | 'currency'> & Pick<OfferedService, 'resourceIds'>;

export interface NewService extends Settable {
  readonly slug?: string | undefined;
  /** The company's, where left out. */
  readonly currency?: string | undefined;
}

export type ServiceChanges = { readonly [Field in keyof Settable]?: Settable[Field] | undefined } & {
  readonly currency?: string | undefined;
  readonly archived?: boolean | undefined;
};

export interface ListCatalogue extends PageRequest {
  readonly active?: boolean | undefined;
  readonly archived?: boolean | undefined;
}

const position = z.tuple([z.string(), z.string()]);

/** By name. */
export function listOfferedServices<Item>(
  db: Db,
  tenantId: TenantId,
  { limit, cursor, active, archived = false }: ListCatalogue,
  present: (service: OfferedService) => Item,
): Promise<Page<Item>> {
  const key = cursor === undefined ? undefined : decodeCursor(cursor, position);
  const after = key === undefined ? undefined : { name: key[0], id: key[1] as ServiceId };
  return inTenant(db, tenantId, async (transaction) => {
    const filter = { active, archived, after, limit: limit + 1 };
    const rows = await queries.listServices(transaction, tenantId, filter);
    const services = await withResources(transaction, tenantId, rows);
    return toPage(services, limit, ({ name, id }) => [name, id], present);
  });
}

export function getOfferedService(db: Db, tenantId: TenantId, id: ServiceId): Promise<OfferedService> {
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.findService(transaction, tenantId, id);
    return row === undefined ? noSuchService() : (await withResources(transaction, tenantId, [row]))[0]!;
  });
}

export function createService(db: Db, actor: TenantActor, input: NewService): Promise<OfferedService> {
  const { tenantId } = actor;
  const { slug: wanted, resourceIds, currency, ...values } = input;
  return inTenant(db, tenantId, async (transaction) => {
    const service = {
      ...values,
      id: newId('svc'),
      currency: currency ?? (await getTenant(transaction, tenantId)).currency,
    };
    const row = await insertUnderSlug({ slug: wanted, name: input.name, kind: 'service' }, (slug) =>
      queries.insertService(transaction, tenantId, { ...service, slug }),
    );
    await assign(transaction, tenantId, row.id, resourceIds);
    const [created] = await withResources(transaction, tenantId, [row]);
    await recordChange(transaction, actor, {
      action: 'service.created',
      resource: 'service',
      resourceId: row.id,
      after: created!,
    });
    return created!;
  });
}

export function changeService(
  db: Db,
  actor: TenantActor,
  id: ServiceId,
  { changes, ifMatch }: { readonly changes: ServiceChanges; readonly ifMatch: string | undefined },
): Promise<OfferedService> {
  const { tenantId } = actor;
  const { resourceIds, archived, ...values } = changes;
  return inTenant(db, tenantId, async (transaction) => {
    const before = await hold(transaction, tenantId, id);
    checkMatch(ifMatch, presentService(before));
    if (resourceIds !== undefined) await assign(transaction, tenantId, id, resourceIds);
    const row = await queries.updateService(transaction, tenantId, id, {
      ...values,
      ...archiving(before, { archived, active: values.active }),
    });
    const [after] = await withResources(transaction, tenantId, [row]);
    await recordChange(transaction, actor, {
      action: 'service.updated',
      resource: 'service',
      resourceId: id,
      before,
      after: after!,
    });
    return after!;
  });
}

/** Removes it, or puts it away when there are bookings that name it. */
export function removeService(db: Db, actor: TenantActor, id: ServiceId): Promise<void> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const before = await hold(transaction, tenantId, id);
    const isRemoved = await unlessRefused(transaction, [foreignKeyViolation], () =>
      queries.deleteService(transaction, tenantId, id),
    );
    if (!isRemoved) await queries.updateService(transaction, tenantId, id, archivedNow());
    await recordChange(transaction, actor, {
      action: isRemoved ? 'service.deleted' : 'service.archived',
      resource: 'service',
      resourceId: id,
      before,
    });
  });
}

async function assign(
  transaction: Db,
  tenantId: TenantId,
  serviceId: ServiceId,
  resourceIds: readonly BookingResourceId[],
): Promise<void> {
  const wanted = [...new Set(resourceIds)];
  const known = wanted.length === 0 ? 0 : await queries.countResources(transaction, tenantId, wanted);
  if (known !== wanted.length) {
    throw new InvalidInput(
      'Not all of these resources exist.',
      [{ pointer: '/resourceIds', detail: 'must be ids of resources' }],
      { code: 'resources-unknown' },
    );
  }
  await queries.replaceAssignments(transaction, tenantId, serviceId, wanted);
}

async function hold(transaction: Db, tenantId: TenantId, id: ServiceId): Promise<OfferedService> {
  const row = await queries.lockService(transaction, tenantId, id);
  return row === undefined ? noSuchService() : (await withResources(transaction, tenantId, [row]))[0]!;
}

async function withResources(
  transaction: Db,
  tenantId: TenantId,
  rows: readonly Omit<OfferedService, 'resourceIds'>[],
): Promise<readonly OfferedService[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const assignments = await queries.listAssignments(transaction, tenantId, ids);
  const byService = Map.groupBy(assignments, ({ serviceId }) => serviceId);
  return rows.map((row) => ({
    ...row,
    resourceIds: (byService.get(row.id) ?? []).map(({ resourceId }) => resourceId),
  }));
}

function noSuchService(): never {
  throw new NotFound('There is no such service.');
}
