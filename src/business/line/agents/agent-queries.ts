import { keyset } from '../../../platform/data/keyset.ts';
import { parseId } from '../../../platform/data/ids.ts';
import { containingWords, matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import type { AgentId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Agent } from './agent.ts';
import { type AgentRow, agentTable } from './agent-table.ts';
import { toAgent, toAgents } from './agent-view.ts';

export interface AgentFilter {
  readonly archived: boolean;
  readonly search?: string | undefined;
}

// Ids sort by time.
const byAge = keyset({ column: 'agent.id' });

/** Newest first. */
export async function listAgents(
  tx: Tx,
  { limit, cursor, archived, search }: PageRequest & AgentFilter,
): Promise<Page<Agent>> {
  const query = selectAgents(tx)
    .where('archivedAt', archived ? 'is not' : 'is', null)
    .where(containingWords('agent.name', search));
  const { data, nextCursor } = await byAge.page(query, { limit, cursor, direction: 'desc' });
  return { data: await toAgents(tx, data), nextCursor };
}

export async function getAgent(tx: Tx, id: AgentId): Promise<Agent> {
  return toAgent(tx, await agentTable.get(tx, id));
}

export function findAgentBySlug(tx: Tx, slug: string): Promise<AgentRow | undefined> {
  return selectAgents(tx).where(matching('agent', { slug })).executeTakeFirst();
}

/** The ids, if each is an agent of the tenant that is not archived. A foreign id is refused as one that does not exist. */
export async function checkAgents(
  tx: Tx,
  named: readonly { readonly agentId: string; readonly pointer: string }[],
): Promise<AgentId[]> {
  const parsed = named.map(({ agentId, pointer }) => ({ id: parseId('agt', agentId), pointer }));
  const ids = parsed.flatMap(({ id }) => id ?? []);
  const rows = await selectAgents(tx)
    .where(matching('agent', { id: ids, archivedAt: null }))
    .execute();
  const known = new Set(rows.map(({ id }) => id));
  const wrong = parsed.filter(({ id }) => id === undefined || !known.has(id));
  if (wrong.length === 0) return ids;
  throw new InvalidInput(
    'There is no such agent.',
    wrong.map(({ pointer }) => ({ pointer, detail: 'is no agent of yours' })),
    { code: 'agent-unknown' },
  );
}

/** The names of these agents, and which of them answer: those that are published and not archived. */
export async function describeAgents(
  tx: Tx,
  ids: readonly AgentId[],
): Promise<ReadonlyMap<AgentId, { readonly name: string; readonly isPublished: boolean }>> {
  const rows = await tx
    .selectFrom('agent')
    .select(['id', 'name', 'publishedVersionId', 'archivedAt'])
    .where(matching('agent', { tenantId: tx.tenantId, id: ids }))
    .execute();
  return new Map(
    rows.map(({ id, name, publishedVersionId, archivedAt }) => [
      id,
      { name, isPublished: publishedVersionId !== null && archivedAt === null },
    ]),
  );
}

function selectAgents(tx: Tx) {
  return tx
    .selectFrom('agent')
    .select(agentTable.columns)
    .where(matching('agent', { tenantId: tx.tenantId }));
}
