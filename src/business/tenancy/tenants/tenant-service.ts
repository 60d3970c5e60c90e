import { newId, type TenantId } from '../../../platform/data/ids.ts';
import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import type { SystemTx, Tx } from '../tenancy.ts';

export interface Tenant {
  readonly id: TenantId;
  readonly slug: string;
  readonly name: string;
  /** IANA zone. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
}

const columns = ['id', 'slug', 'name', 'timeZone', 'currency'] as const;

/** With an `id` it can be the first statement of a transaction of that tenant, which then inserts the rest. */
export async function createTenant(
  tx: Tx | SystemTx,
  input: Omit<Tenant, 'id'> & { readonly id?: TenantId },
): Promise<Tenant> {
  if (!isTimeZone(input.timeZone)) {
    throw new InvalidInput(
      `"${input.timeZone}" is not a time zone.`,
      [{ pointer: '/timeZone', detail: 'must be an IANA name such as America/New_York' }],
      { code: 'not-a-time-zone', data: { value: input.timeZone } },
    );
  }
  const { id = newId('tnt'), slug, name, timeZone, currency } = input;
  const tenant = await tx
    .insertInto('tenant')
    .values({ id, slug, name, timeZone, currency })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning(columns)
    .executeTakeFirst();
  if (tenant !== undefined) return tenant;
  throw new Conflict(`There is a business "${slug}" already; choose another slug.`, {
    code: 'slug-taken',
    data: { slug },
  });
}

/** The tenant of the transaction. */
export async function getTenant(tx: Tx): Promise<Tenant> {
  const tenant = await tx
    .selectFrom('tenant')
    .select(columns)
    .where('id', '=', tx.tenantId)
    .executeTakeFirst();
  return tenant ?? noSuchTenant();
}

export function findTenantBySlug(tx: SystemTx, slug: string): Promise<Tenant | undefined> {
  return tx.selectFrom('tenant').select(columns).where('slug', '=', slug).executeTakeFirst();
}

/** The public fields of a tenant, and whether it is suspended. */
export interface TenantSummary extends Tenant {
  readonly isSuspended: boolean;
}

/** The tenants that exist among these ids. */
export async function findTenants(
  tx: SystemTx,
  ids: readonly TenantId[],
): Promise<ReadonlyMap<TenantId, TenantSummary>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('tenant')
    .select([...columns, 'suspendedAt'])
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map(({ suspendedAt, ...tenant }) => [tenant.id, { ...tenant, isSuspended: suspendedAt !== null }]),
  );
}

export async function isSuspended(tx: Tx | SystemTx, tenantId: TenantId): Promise<boolean> {
  const tenant = await tx
    .selectFrom('tenant')
    .select('suspendedAt')
    .where('id', '=', tenantId)
    .executeTakeFirst();
  return (tenant ?? noSuchTenant()).suspendedAt !== null;
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

export function noSuchTenant(): never {
  throw new NotFound('There is no such business.');
}

/** All businesses, for the directory of numbers. */
export function listBusinesses(tx: SystemTx) {
  return tx.selectFrom('tenant').select(['id', 'name', 'timeZone', 'suspendedAt']).execute();
}
