import { sql } from 'kysely';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { describeAgents } from '../agents/agents.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/references/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';

export interface Link {
  readonly numberId: PhoneNumberId;
  readonly agentId: AgentId;
  readonly weight: number;
}

export async function listLinksOfNumbers(tx: Tx, numberIds: readonly PhoneNumberId[]) {
  if (numberIds.length === 0) return [];
  const rows = await tx
    .selectFrom('numberAgent')
    .select(['numberId', 'agentId', 'weight'])
    .where('tenantId', '=', tx.tenantId)
    .where('numberId', 'in', numberIds)
    .orderBy('agentId')
    .execute();
  const agents = await describeAgents(tx, [...new Set(rows.map(({ agentId }) => agentId))]);
  return rows.map((row) => ({ ...row, agentName: agents.get(row.agentId)?.name ?? '' }));
}

export type LinkRow = Awaited<ReturnType<typeof listLinksOfNumbers>>[number];

/** With the numbers that only turn to the agent after hours. */
export async function listNumbersOfAgent(db: Db, tenantId: TenantId, agentId: AgentId) {
  return db
    .selectFrom('phoneNumber')
    .leftJoin('numberAgent', (join) =>
      join
        .onRef('numberAgent.tenantId', '=', 'phoneNumber.tenantId')
        .onRef('numberAgent.numberId', '=', 'phoneNumber.id')
        .on('numberAgent.agentId', '=', agentId),
    )
    .select([
      'phoneNumber.id as phoneNumberId',
      'phoneNumber.number as phoneNumber',
      'phoneNumber.label',
      'phoneNumber.status',
      'numberAgent.weight',
      'phoneNumber.afterHoursAgentId',
    ])
    .where('phoneNumber.tenantId', '=', tenantId)
    .where('status', 'in', ['ordering', 'active'])
    .where((row) => row.or([row('weight', 'is not', null), row('afterHoursAgentId', '=', agentId)]))
    .orderBy('phoneNumber.id', 'desc')
    .execute();
}

/** Linked agents that have something published. */
export async function countAnswering(tx: Tx, numberId: PhoneNumberId): Promise<number> {
  const rows = await tx
    .selectFrom('numberAgent')
    .select('agentId')
    .where('tenantId', '=', tx.tenantId)
    .where('numberId', '=', numberId)
    .where('weight', '>', 0)
    .execute();
  const agents = await describeAgents(
    tx,
    rows.map(({ agentId }) => agentId),
  );
  return [...agents.values()].filter(({ isPublished }) => isPublished).length;
}

/** Numbers in use that the agent answers, at whatever hours. */
export async function countNumbersOfAgent(tx: Tx, agentId: AgentId): Promise<number> {
  const { numbers } = await tx
    .selectFrom('phoneNumber')
    .select(sql<number>`count(*)::int`.as('numbers'))
    .where('tenantId', '=', tx.tenantId)
    .where('status', 'in', ['ordering', 'active', 'releasing'])
    .where((row) =>
      row.or([
        row('afterHoursAgentId', '=', agentId),
        row('id', 'in', (links) =>
          links
            .selectFrom('numberAgent')
            .select('numberId')
            .where('numberAgent.tenantId', '=', tx.tenantId)
            .where('numberAgent.agentId', '=', agentId),
        ),
      ]),
    )
    .executeTakeFirstOrThrow();
  return numbers;
}

/** Numbers that the tenant has no longer may still name an agent that is removed. */
export async function deleteLinksOfAgent(tx: Tx, agentId: AgentId): Promise<void> {
  await tx
    .deleteFrom('numberAgent')
    .where('tenantId', '=', tx.tenantId)
    .where('agentId', '=', agentId)
    .execute();
}

export async function replaceLinks(
  db: Db,
  tenantId: TenantId,
  numberId: PhoneNumberId,
  links: readonly Omit<Link, 'numberId'>[],
): Promise<void> {
  await db
    .deleteFrom('numberAgent')
    .where('tenantId', '=', tenantId)
    .where('numberId', '=', numberId)
    .execute();
  if (links.length === 0) return;
  await db
    .insertInto('numberAgent')
    .values(links.map(({ agentId, weight }) => ({ tenantId, numberId, agentId, weight })))
    .execute();
}

export function saveLink(db: Db, tenantId: TenantId, link: Link) {
  return db
    .insertInto('numberAgent')
    .values({ tenantId, ...link })
    .onConflict((conflict) =>
      conflict.columns(['tenantId', 'numberId', 'agentId']).doUpdateSet({ weight: link.weight }),
    )
    .execute();
}

export function deleteLink(db: Db, tenantId: TenantId, link: Omit<Link, 'weight'>) {
  return db
    .deleteFrom('numberAgent')
    .where('tenantId', '=', tenantId)
    .where('numberId', '=', link.numberId)
    .where('agentId', '=', link.agentId)
    .returning('agentId')
    .executeTakeFirst();
}
