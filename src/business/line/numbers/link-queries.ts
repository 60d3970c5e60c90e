import { sql } from 'kysely';
import { matching } from '../../../platform/data/matching.ts';
import type { AgentId, PhoneNumberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { describeAgents } from '../agents/agents.ts';

export interface WeightedAgent {
  readonly agentId: AgentId;
  readonly weight: number;
}

export interface Link extends WeightedAgent {
  readonly numberId: PhoneNumberId;
}

/** With the agents' names. */
export async function listLinksOfNumbers(
  tx: Tx,
  numberIds: readonly PhoneNumberId[],
): Promise<readonly (Link & { readonly name: string })[]> {
  if (numberIds.length === 0) return [];
  const rows = await tx
    .selectFrom('numberAgent')
    .select(['numberId', 'agentId', 'weight'])
    .where(matching('numberAgent', { tenantId: tx.tenantId, numberId: numberIds }))
    .orderBy('agentId')
    .execute();
  const agents = await describeAgents(tx, [...new Set(rows.map(({ agentId }) => agentId))]);
  return rows.map((row) => ({ ...row, name: agents.get(row.agentId)?.name ?? '' }));
}

/** With the numbers that only turn to the agent after hours. */
export function listNumbersOfAgent(tx: Tx, agentId: AgentId) {
  return tx
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
    .where(matching('phoneNumber', { tenantId: tx.tenantId, status: ['ordering', 'active'] }))
    .where((row) => row.or([row('weight', 'is not', null), row('afterHoursAgentId', '=', agentId)]))
    .orderBy('phoneNumber.id', 'desc')
    .execute();
}

/** Linked agents that have something published. */
export async function countAnswering(tx: Tx, numberId: PhoneNumberId): Promise<number> {
  const rows = await tx
    .selectFrom('numberAgent')
    .select('agentId')
    .where(matching('numberAgent', { tenantId: tx.tenantId, numberId }))
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
    .where(matching('phoneNumber', { tenantId: tx.tenantId, status: ['ordering', 'active', 'releasing'] }))
    .where((row) =>
      row.or([row('afterHoursAgentId', '=', agentId), row('id', 'in', numbersLinkedTo(tx, agentId))]),
    )
    .executeTakeFirstOrThrow();
  return numbers;
}

/** The ids of the numbers that are linked to the agent, as a subquery. */
export function numbersLinkedTo(tx: Tx, agentId: AgentId) {
  return tx
    .selectFrom('numberAgent')
    .select('numberId')
    .where(matching('numberAgent', { tenantId: tx.tenantId, agentId }));
}

/** The caller has locked the number, here and below. */
export async function replaceLinks(
  tx: Tx,
  numberId: PhoneNumberId,
  agents: readonly WeightedAgent[],
): Promise<void> {
  const { tenantId } = tx;
  await tx.deleteFrom('numberAgent').where(matching('numberAgent', { tenantId, numberId })).execute();
  if (agents.length === 0) return;
  await tx
    .insertInto('numberAgent')
    .values(agents.map(({ agentId, weight }) => ({ tenantId, numberId, agentId, weight })))
    .execute();
}

export async function saveLink(tx: Tx, { numberId, agentId, weight }: Link): Promise<void> {
  await tx
    .insertInto('numberAgent')
    .values({ tenantId: tx.tenantId, numberId, agentId, weight })
    .onConflict((conflict) => conflict.columns(['tenantId', 'numberId', 'agentId']).doUpdateSet({ weight }))
    .execute();
}

/** Whether there was one. */
export async function deleteLink(tx: Tx, { numberId, agentId }: Omit<Link, 'weight'>): Promise<boolean> {
  const deleted = await tx
    .deleteFrom('numberAgent')
    .where(matching('numberAgent', { tenantId: tx.tenantId, numberId, agentId }))
    .returning('agentId')
    .executeTakeFirst();
  return deleted !== undefined;
}
