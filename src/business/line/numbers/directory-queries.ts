import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { AgentVersionId } from '../../tenancy/references/ids.ts';
import type { DirectoryContent } from './directory-content.ts';

/** Changes, in the same transaction, whenever anything below does. */
export async function readStamp(db: Db): Promise<number> {
  const { version } = await db.selectFrom('lineDirectoryStamp').select('version').executeTakeFirstOrThrow();
  return version;
}

/** Across tenants: every number that is answered, and all that decides by whom. */
export async function readContent(db: Db): Promise<DirectoryContent> {
  return {
    numbers: await listNumbers(db),
    links: await db
      .selectFrom('numberAgent')
      .select(['numberId', 'agentId', 'weight'])
      .where('weight', '>', 0)
      .orderBy('numberId')
      .orderBy('agentId')
      .execute(),
    agents: await listPublishedAgents(db),
    weeklyHours: await db
      .selectFrom('openingHours')
      .select(['tenantId', 'weekday', 'opensAtMinute', 'closesAtMinute'])
      .orderBy('weekday')
      .orderBy('opensAtMinute')
      .execute(),
    exceptions: await db
      .selectFrom('openingException')
      .select(['tenantId', 'localDate', 'opensAtMinute', 'closesAtMinute'])
      // Somewhere it may still be the day before.
      .where('localDate', '>=', sql<string>`to_char(now() - interval '2 days', 'YYYY-MM-DD')`)
      .orderBy('localDate')
      .execute(),
  };
}

function listNumbers(db: Db): Promise<DirectoryContent['numbers']> {
  return db
    .selectFrom('phoneNumber')
    .innerJoin('tenant', 'tenant.id', 'phoneNumber.tenantId')
    .select([
      'phoneNumber.number',
      'phoneNumber.id as numberId',
      'phoneNumber.tenantId',
      'tenant.name as businessName',
      'tenant.timeZone',
      sql<boolean>`tenant.suspended_at is not null`.as('isSuspended'),
      'phoneNumber.afterHoursAgentId',
      'phoneNumber.afterHoursMessage',
    ])
    .where('phoneNumber.status', '=', 'active')
    .execute();
}

async function listPublishedAgents(db: Db): Promise<DirectoryContent['agents']> {
  const rows = await db
    .selectFrom('agent')
    .select(['id as agentId', 'publishedVersionId as agentVersionId'])
    .where('publishedVersionId', 'is not', null)
    .where('archivedAt', 'is', null)
    .$narrowType<{ agentVersionId: AgentVersionId }>()
    .execute();
  return rows;
}

/** Across tenants. Versions never change, so each is read once. */
export function listVersions(db: Db, ids: readonly AgentVersionId[]) {
  return db.selectFrom('agentVersion').select(['id', 'config']).where('id', 'in', ids).execute();
}
