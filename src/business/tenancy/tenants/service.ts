import { type Db, withSystem } from '../../../platform/data/db.ts';
import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import { inTenant } from './unit-of-work.ts';
import * as queries from './queries.ts';

export interface Tenant {
  readonly id: TenantId;
  readonly slug: string;
  readonly name: string;
  /** IANA zone. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
}

/** With an `id` it can be the first act of a unit of work in that tenant's name, which fills the rest. */
export async function createTenant(
  db: Db,
  input: Omit<Tenant, 'id'> & { readonly id?: TenantId },
): Promise<Tenant> {
  if (!isTimeZone(input.timeZone)) {
    throw new InvalidInput(
      `"${input.timeZone}" is not a time zone.`,
      [{ pointer: '/timeZone', detail: 'must be an IANA name such as America/New_York' }],
      { code: 'not-a-time-zone', data: { value: input.timeZone } },
    );
  }
  const tenant: Tenant = { ...input, id: input.id ?? newId('tnt') };
  const inserted = await inTenant(db, tenant.id, (transaction) => queries.insertTenant(transaction, tenant));
  if (inserted === undefined) {
    throw new Conflict(`There is a business "${input.slug}" already; choose another slug.`, {
      code: 'slug-taken',
      data: { slug: input.slug },
    });
  }
  return tenant;
}

/** Within the tenant's transaction. */
export async function getTenant(db: Db, tenantId: TenantId): Promise<Tenant> {
  const tenant = await queries.findTenantById(db, tenantId);
  if (tenant === undefined) throw new NotFound('There is no such business.');
  return tenant;
}

export function findTenantBySlug(db: Db, slug: string): Promise<Tenant | undefined> {
  return withSystem(db, (transaction) => queries.findTenantBySlug(transaction, slug));
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
