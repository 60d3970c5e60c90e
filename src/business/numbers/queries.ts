import { sql } from 'kysely';
import type { Db } from '../../platform/db.ts';
import type { AgentId, PhoneNumberId, TenantId } from '../../platform/ids.ts';

export function insertNumber(
  db: Db,
  tenantId: TenantId,
  line: { readonly id: PhoneNumberId; readonly number: string; readonly agentId: AgentId },
) {
  return db
    .insertInto('phoneNumber')
    .values({ tenantId, ...line })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
}

export function listNumbers(db: Db, tenantId: TenantId) {
  return db
    .selectFrom('phoneNumber')
    .select(['id', 'number', 'agentId'])
    .where('tenantId', '=', tenantId)
    .orderBy('number')
    .execute();
}

/** Changes, in the same transaction, whenever anything below does. */
export async function readStamp(db: Db): Promise<number> {
  const { version } = await db.selectFrom('lineDirectoryStamp').select('version').executeTakeFirstOrThrow();
  return version;
}

/** Across tenants: every number whose agent has a published version. */
export function listLines(db: Db) {
  return db
    .selectFrom('phoneNumber')
    .innerJoin('tenant', 'tenant.id', 'phoneNumber.tenantId')
    .innerJoin('agent', (join) =>
      join.onRef('agent.tenantId', '=', 'phoneNumber.tenantId').onRef('agent.id', '=', 'phoneNumber.agentId'),
    )
    .innerJoin('agentVersion', (join) =>
      join
        .onRef('agentVersion.tenantId', '=', 'agent.tenantId')
        .onRef('agentVersion.id', '=', sql.ref('agent.published_version_id')),
    )
    .select([
      'phoneNumber.number',
      'phoneNumber.id as numberId',
      'phoneNumber.tenantId',
      'tenant.name as businessName',
      'tenant.timeZone',
      'agent.id as agentId',
      'agentVersion.id as agentVersionId',
      'agentVersion.config as agent',
    ])
    .execute();
}
