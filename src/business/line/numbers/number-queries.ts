import { type Selectable, sql, type Updateable } from 'kysely';
import type { NumberStatus, PhoneNumberTable } from './phone-number-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/references/ids.ts';

const columns = [
  'id',
  'number',
  'label',
  'status',
  'carrierSid',
  'country',
  'capabilities',
  'afterHoursAgentId',
  'afterHoursMessage',
  'attempts',
  'failure',
  'createdAt',
  'updatedAt',
  'releasedAt',
] as const;

export type NumberRow = Pick<Selectable<PhoneNumberTable>, (typeof columns)[number]>;

export interface NewNumber {
  readonly id: PhoneNumberId;
  readonly number: string;
  readonly status: NumberStatus;
  readonly label?: string;
  readonly country?: string | null;
  readonly carrierSid?: string;
}

/** Undefined when somebody has the number already. */
export function insertNumber(db: Db, tenantId: TenantId, number: NewNumber) {
  return db
    .insertInto('phoneNumber')
    .values({
      tenantId,
      ...number,
      // Whoever inserts it settles it with the carrier, and is given time for that.
      ...(number.status === 'ordering' ? { attemptedAt: sql<Date>`now()`, attempts: 1 } : {}),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning(columns)
    .executeTakeFirst();
}

export function findNumber(db: Db, tenantId: TenantId, numberId: PhoneNumberId) {
  return db
    .selectFrom('phoneNumber')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', numberId)
    .executeTakeFirst();
}

export function lockNumber(db: Db, tenantId: TenantId, numberId: PhoneNumberId) {
  return db
    .selectFrom('phoneNumber')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', numberId)
    .forUpdate()
    .executeTakeFirst();
}

export interface NumberFilter {
  readonly statuses: readonly NumberStatus[];
  readonly agentId: AgentId | undefined;
  readonly search: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listNumbers(db: Db, tenantId: TenantId, filter: NumberFilter): Promise<NumberRow[]> {
  const { statuses, agentId, search, before, limit } = filter;
  let query = db
    .selectFrom('phoneNumber')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('status', 'in', statuses)
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('id', '<', before as PhoneNumberId);
  if (search !== undefined) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where((row) => row.or([row('number', 'like', pattern), row('label', 'ilike', pattern)]));
  }
  if (agentId !== undefined) {
    query = query.where('id', 'in', (links) =>
      links
        .selectFrom('numberAgent')
        .select('numberId')
        .where('numberAgent.tenantId', '=', tenantId)
        .where('numberAgent.agentId', '=', agentId),
    );
  }
  return query.execute();
}

export function updateNumber(
  db: Db,
  tenantId: TenantId,
  numberId: PhoneNumberId,
  changes: Updateable<PhoneNumberTable>,
) {
  return db
    .updateTable('phoneNumber')
    .set({ ...changes, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', numberId)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** Ends the number's business with the carrier; nothing when somebody else has ended it meanwhile. */
export function settle(
  db: Db,
  tenantId: TenantId,
  { id, status }: Pick<NumberRow, 'id' | 'status'>,
  changes: Updateable<PhoneNumberTable>,
) {
  return db
    .updateTable('phoneNumber')
    .set({ ...changes, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', id)
    .where('status', '=', status)
    .execute();
}

/**
 * Across tenants: numbers whose business with the carrier nobody is settling just now. Whoever began has had its time,
 * and each further attempt waits longer, up to an hour.
 */
export function listUnsettled(db: Db, limit: number) {
  return db
    .selectFrom('phoneNumber')
    .select(['tenantId', 'id', 'status'])
    .where('status', 'in', ['ordering', 'releasing'])
    .where(isUnattended)
    .orderBy('attemptedAt')
    .limit(limit)
    .execute();
}

/** Takes the business on, for one of all who see it unattended. */
export function claimUnsettled(db: Db, tenantId: TenantId, numberId: PhoneNumberId) {
  return db
    .updateTable('phoneNumber')
    .set({ attemptedAt: sql<Date>`now()`, attempts: sql<number>`attempts + 1` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', numberId)
    .where('status', 'in', ['ordering', 'releasing'])
    .where(isUnattended)
    .returning(columns)
    .executeTakeFirst();
}

const isUnattended = sql<boolean>`attempted_at < now() - least(interval '30 seconds' * power(2, least(attempts, 7)), interval '1 hour')`;
