import { sql } from 'kysely';
import type { Db } from '../../platform/db.ts';
import type { AgentId, AgentVersionId, TenantId } from '../../platform/ids.ts';

export function insertAgent(
  db: Db,
  tenantId: TenantId,
  agent: { readonly id: AgentId; readonly slug: string; readonly name: string },
) {
  return db
    .insertInto('agent')
    .values({ tenantId, ...agent, publishedVersionId: null })
    .onConflict((conflict) => conflict.columns(['tenantId', 'slug']).doNothing())
    .returning('id')
    .executeTakeFirst();
}

export function findAgentBySlug(db: Db, tenantId: TenantId, slug: string) {
  return db
    .selectFrom('agent')
    .select(['id', 'slug', 'name', 'publishedVersionId'])
    .where('tenantId', '=', tenantId)
    .where('slug', '=', slug)
    .executeTakeFirst();
}

/** Holds the agent until the transaction ends, so that two publishers count one after the other. */
export function lockAgent(db: Db, tenantId: TenantId, agentId: AgentId) {
  return db
    .selectFrom('agent')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('id', '=', agentId)
    .forUpdate()
    .executeTakeFirst();
}

export async function nextVersion(db: Db, tenantId: TenantId, agentId: AgentId): Promise<number> {
  const { next } = await db
    .selectFrom('agentVersion')
    .select(sql<number>`coalesce(max(version), 0) + 1`.as('next'))
    .where('tenantId', '=', tenantId)
    .where('agentId', '=', agentId)
    .executeTakeFirstOrThrow();
  return next;
}

export function insertVersion(
  db: Db,
  tenantId: TenantId,
  version: {
    readonly id: AgentVersionId;
    readonly agentId: AgentId;
    readonly version: number;
    readonly config: string;
  },
) {
  return db
    .insertInto('agentVersion')
    .values({ tenantId, ...version })
    .execute();
}

export function setPublishedVersion(db: Db, tenantId: TenantId, agentId: AgentId, versionId: AgentVersionId) {
  return db
    .updateTable('agent')
    .set({ publishedVersionId: versionId })
    .where('tenantId', '=', tenantId)
    .where('id', '=', agentId)
    .execute();
}

export function findVersion(db: Db, tenantId: TenantId, versionId: AgentVersionId) {
  return db
    .selectFrom('agentVersion')
    .select(['id', 'agentId', 'version', 'config'])
    .where('tenantId', '=', tenantId)
    .where('id', '=', versionId)
    .executeTakeFirst();
}
