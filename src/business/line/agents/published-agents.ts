import type { Db } from '../../../platform/data/db.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/references/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';

/** Across tenants: what each agent that is not archived answers with. */
export function listPublishedAgents(
  db: Db,
): Promise<{ readonly agentId: AgentId; readonly agentVersionId: AgentVersionId }[]> {
  return db
    .selectFrom('agent')
    .select(['id as agentId', 'publishedVersionId as agentVersionId'])
    .where('publishedVersionId', 'is not', null)
    .where('archivedAt', 'is', null)
    .$narrowType<{ agentVersionId: AgentVersionId }>()
    .execute();
}

/** Across tenants. Versions never change, so each is read once. */
export function listVersionConfigs(db: Db, ids: readonly AgentVersionId[]) {
  return db.selectFrom('agentVersion').select(['id', 'config']).where('id', 'in', ids).execute();
}

/** What these agents are called, and which of them have something published. */
export async function describeAgents(tx: Tx, ids: readonly AgentId[]) {
  if (ids.length === 0) return new Map<AgentId, { readonly name: string; readonly isPublished: boolean }>();
  const rows = await tx
    .selectFrom('agent')
    .select(['id', 'name', 'publishedVersionId', 'archivedAt'])
    .where('tenantId', '=', tx.tenantId)
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.map(({ id, name, publishedVersionId, archivedAt }) => [
      id,
      { name, isPublished: publishedVersionId !== null && archivedAt === null },
    ]),
  );
}
