import { sql, type Updateable } from 'kysely';
import { type AgentRow, type AgentTable, agentTable } from './agent-table.ts';
import type { Db } from '../../../platform/data/db.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/references/ids.ts';

const { columns } = agentTable;

export interface NewAgent {
  readonly id: AgentId;
  readonly slug: string;
  readonly name: string;
  readonly draft: string;
}

export function insertAgent(db: Db, tenantId: TenantId, agent: NewAgent) {
  return db
    .insertInto('agent')
    .values({ tenantId, ...agent, publishedVersionId: null })
    .onConflict((conflict) => conflict.columns(['tenantId', 'slug']).doNothing())
    .returning(columns)
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

export function findAgent(db: Db, tenantId: TenantId, agentId: AgentId) {
  return db
    .selectFrom('agent')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', agentId)
    .executeTakeFirst();
}

/** Holds the agent until the transaction ends, so that two who change or publish it go one after the other. */
export function lockAgent(db: Db, tenantId: TenantId, agentId: AgentId) {
  return db
    .selectFrom('agent')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', agentId)
    .forUpdate()
    .executeTakeFirst();
}

export interface AgentFilter {
  readonly isArchived: boolean;
  readonly search: string | undefined;
  readonly before: string | undefined;
  readonly limit: number;
}

/** Newest first. */
export function listAgents(db: Db, tenantId: TenantId, filter: AgentFilter): Promise<AgentRow[]> {
  const { isArchived, search, before, limit } = filter;
  let query = db
    .selectFrom('agent')
    .select(columns)
    .where('tenantId', '=', tenantId)
    .where('archivedAt', isArchived ? 'is not' : 'is', null)
    .orderBy('id', 'desc')
    .limit(limit);
  if (before !== undefined) query = query.where('id', '<', before as AgentId);
  if (search !== undefined) {
    query = query.where('name', 'ilike', `%${search.replaceAll(/[\\%_]/g, '\\$&')}%`);
  }
  return query.execute();
}

/** Those of `ids` that are the tenant's and have not been put away. */
export async function listLiveIds(db: Db, tenantId: TenantId, ids: readonly AgentId[]): Promise<AgentId[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('agent')
    .select('id')
    .where('tenantId', '=', tenantId)
    .where('id', 'in', ids)
    .where('archivedAt', 'is', null)
    .execute();
  return rows.map(({ id }) => id);
}

export function updateAgent(db: Db, tenantId: TenantId, agentId: AgentId, changes: Updateable<AgentTable>) {
  return db
    .updateTable('agent')
    .set({ ...changes, version: sql<number>`version + 1`, updatedAt: sql<Date>`now()` })
    .where('tenantId', '=', tenantId)
    .where('id', '=', agentId)
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** With its versions; only one that answers no number and has answered no call. */
export async function deleteAgent(db: Db, tenantId: TenantId, agentId: AgentId): Promise<void> {
  await db.deleteFrom('agent').where('tenantId', '=', tenantId).where('id', '=', agentId).execute();
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

export interface NewVersion {
  readonly id: AgentVersionId;
  readonly agentId: AgentId;
  readonly version: number;
  readonly config: string;
  readonly publishedBy: string | null;
}

export function insertVersion(db: Db, tenantId: TenantId, version: NewVersion) {
  return db
    .insertInto('agentVersion')
    .values({ tenantId, ...version })
    .execute();
}

const versionColumns = ['id', 'agentId', 'version', 'config', 'publishedBy', 'createdAt'] as const;

export function findVersion(db: Db, tenantId: TenantId, versionId: AgentVersionId) {
  return db
    .selectFrom('agentVersion')
    .select(versionColumns)
    .where('tenantId', '=', tenantId)
    .where('id', '=', versionId)
    .executeTakeFirst();
}

export function findVersionByNumber(db: Db, tenantId: TenantId, agentId: AgentId, version: number) {
  return db
    .selectFrom('agentVersion')
    .select(versionColumns)
    .where('tenantId', '=', tenantId)
    .where('agentId', '=', agentId)
    .where('version', '=', version)
    .executeTakeFirst();
}

export function listVersionsOf(
  db: Db,
  tenantId: TenantId,
  agentId: AgentId,
  page: { readonly before: number | undefined; readonly limit: number },
) {
  const query = db
    .selectFrom('agentVersion')
    .select(['id', 'agentId', 'version', 'publishedBy', 'createdAt'])
    .where('tenantId', '=', tenantId)
    .where('agentId', '=', agentId)
    .orderBy('version', 'desc')
    .limit(page.limit);
  return (page.before === undefined ? query : query.where('version', '<', page.before)).execute();
}

/** What is published of these agents. */
export async function listPublished(db: Db, tenantId: TenantId, ids: readonly AgentVersionId[]) {
  if (ids.length === 0) return [];
  return db
    .selectFrom('agentVersion')
    .select(versionColumns)
    .where('tenantId', '=', tenantId)
    .where('id', 'in', ids)
    .execute();
}
