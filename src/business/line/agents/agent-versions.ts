import { sql } from 'kysely';
import { z } from 'zod';
import { keyset } from '../../../platform/data/keyset.ts';
import { matching } from '../../../platform/data/matching.ts';
import type { Page, PageRequest } from '../../../platform/data/paging.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { AgentConfig } from './agent-config.ts';
import { type AgentRow, agentTable } from './agent-table.ts';
import type { AgentVersion, AgentVersionSummary } from './agent-version.ts';
import { type AgentVersionRow, agentVersionTable } from './agent-version-table.ts';
import { compareConfigs, type ConfigDifference } from './compare-configs.ts';
import { presentConfig } from './config-schema.ts';
import { storedConfigSchema } from './single-choice.ts';

/* The published versions of agents. */

const byNumber = keyset({ column: 'agentVersion.version', codec: z.int() });

/** Newest first. */
export async function listVersions(
  tx: Tx,
  agentId: AgentId,
  request: PageRequest,
): Promise<Page<AgentVersionSummary>> {
  await agentTable.get(tx, agentId);
  const query = tx
    .selectFrom('agentVersion')
    .select(['id', 'agentId', 'version', 'publishedBy', 'createdAt as publishedAt'])
    .where(matching('agentVersion', { tenantId: tx.tenantId, agentId }));
  return byNumber.page(query, { ...request, direction: 'desc' });
}

export async function getVersion(tx: Tx, agentId: AgentId, version: number): Promise<AgentVersion> {
  const row = await tx
    .selectFrom('agentVersion')
    .select(agentVersionTable.columns)
    .where(matching('agentVersion', { tenantId: tx.tenantId, agentId, version }))
    .executeTakeFirst();
  if (row === undefined) throw new NotFound('There is no such version of this agent.');
  return toVersion(row);
}

/** By the id that calls record. */
export async function getAgentVersion(tx: Tx, id: AgentVersionId): Promise<AgentVersion> {
  return toVersion(await agentVersionTable.get(tx, id));
}

/** The published version. Undefined if the agent was never published or is archived. */
export async function findPublishedVersion(tx: Tx, agentId: AgentId): Promise<AgentVersion | undefined> {
  const agent = await agentTable.get(tx, agentId);
  return agent.archivedAt === null ? findPublished(tx, agent) : undefined;
}

/** The version that was published last, of an archived agent too. */
export async function findPublished(
  tx: Tx,
  { publishedVersionId }: Pick<AgentRow, 'publishedVersionId'>,
): Promise<AgentVersion | undefined> {
  return publishedVersionId === null ? undefined : getAgentVersion(tx, publishedVersionId);
}

export async function listVersionsById(
  tx: Tx,
  ids: readonly AgentVersionId[],
): Promise<ReadonlyMap<AgentVersionId, AgentVersion>> {
  const rows = await tx
    .selectFrom('agentVersion')
    .select(agentVersionTable.columns)
    .where(matching('agentVersion', { tenantId: tx.tenantId, id: ids }))
    .execute();
  return new Map(rows.map((row) => [row.id, toVersion(row)]));
}

/** The caller has locked the agent, so two that publish at the same time are given different numbers. */
export async function nextVersionNumber(tx: Tx, agentId: AgentId): Promise<number> {
  const { next } = await tx
    .selectFrom('agentVersion')
    .select(sql<number>`coalesce(max(version), 0) + 1`.as('next'))
    .where(matching('agentVersion', { tenantId: tx.tenantId, agentId }))
    .executeTakeFirstOrThrow();
  return next;
}

/** A version by its number, or the draft. */
type VersionOrDraft = number | 'draft';

/** Compares field by field, in the form in which /v1 answers configurations. */
export async function compareVersions(
  tx: Tx,
  agentId: AgentId,
  [a, b]: readonly [VersionOrDraft, VersionOrDraft],
): Promise<ConfigDifference[]> {
  const before = await configOf(tx, agentId, a);
  const after = await configOf(tx, agentId, b);
  return compareConfigs(presentConfig(before), presentConfig(after));
}

async function configOf(tx: Tx, agentId: AgentId, version: VersionOrDraft): Promise<AgentConfig> {
  if (version === 'draft') return draftOf(await agentTable.get(tx, agentId));
  return (await getVersion(tx, agentId, version)).config;
}

export function draftOf({ draft }: Pick<AgentRow, 'draft'>): AgentConfig {
  return storedConfigSchema.parse(draft);
}

export function toVersion({ createdAt, config, ...row }: AgentVersionRow): AgentVersion {
  return { ...row, publishedAt: createdAt, config: storedConfigSchema.parse(config) };
}
