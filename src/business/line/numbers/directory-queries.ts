import type { Db } from '../../../platform/data/db.ts';
import { listEverySpecialDay, listEveryWeek } from '../../catalog/opening-hours/opening-hours.ts';
import { listBusinesses } from '../../tenancy/tenants/tenants.ts';
import { listPublishedAgents } from '../agents/published-agents.ts';
import type { DirectoryContent } from '../directory/directory-content.ts';

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
    weeklyHours: await listEveryWeek(db),
    exceptions: await listEverySpecialDay(db),
  };
}

async function listNumbers(db: Db): Promise<DirectoryContent['numbers']> {
  const rows = await db
    .selectFrom('phoneNumber')
    .select(['number', 'id as numberId', 'tenantId', 'afterHoursAgentId', 'afterHoursMessage'])
    .where('status', '=', 'active')
    .execute();
  const businesses = new Map((await listBusinesses(db)).map((tenant) => [tenant.id, tenant]));
  return rows.flatMap((row) => {
    const business = businesses.get(row.tenantId);
    if (business === undefined) return [];
    const { name: businessName, timeZone, suspendedAt } = business;
    return { ...row, businessName, timeZone, isSuspended: suspendedAt !== null };
  });
}
