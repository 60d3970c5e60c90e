import { listEverySpecialDay, listEveryWeek } from '../../catalog/opening-hours/opening-hours.ts';
import type { SystemTx } from '../../tenancy/tenancy.ts';
import { listBusinesses } from '../../tenancy/tenants/tenants.ts';
import { listPublishedAgents } from '../agents/agents.ts';
import { listAnsweredNumbers, listLinks } from '../numbers/numbers.ts';
import type { DirectoryContent } from './directory-content.ts';

/** Changes, in the same transaction, whenever anything below does. */
export async function readStamp(tx: SystemTx): Promise<number> {
  const { version } = await tx.selectFrom('lineDirectoryStamp').select('version').executeTakeFirstOrThrow();
  return version;
}

/** Across tenants: every number that is answered, and all that decides by whom. */
export async function readContent(tx: SystemTx): Promise<DirectoryContent> {
  return {
    numbers: await listDialledNumbers(tx),
    links: await listLinks(tx),
    agents: await listPublishedAgents(tx),
    weeklyHours: await listEveryWeek(tx),
    exceptions: await listEverySpecialDay(tx),
  };
}

async function listDialledNumbers(tx: SystemTx): Promise<DirectoryContent['numbers']> {
  const rows = await listAnsweredNumbers(tx);
  const businesses = new Map((await listBusinesses(tx)).map((tenant) => [tenant.id, tenant]));
  return rows.flatMap((row) => {
    const business = businesses.get(row.tenantId);
    if (business === undefined) return [];
    const { name: businessName, timeZone, suspendedAt } = business;
    return { ...row, businessName, timeZone, isSuspended: suspendedAt !== null };
  });
}
