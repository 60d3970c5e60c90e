import type { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, InvalidInput, NotFound } from '../../../platform/process/errors.ts';
import { newId, parseId, type TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/references/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import type { AgentConfig, agentConfigSchema } from './agent-config.ts';
import { parseConfig } from './check-config.ts';
import * as queries from './agent-queries.ts';
import { storedConfigSchema } from './single-choice.ts';

export interface AgentVersion {
  readonly id: AgentVersionId;
  readonly agentId: AgentId;
  readonly version: number;
  readonly config: AgentConfig;
}

const plainAgent = {
  greeting: '{{business.name}}, this is {{agent.name}}. How can I help you?',
  instructions: '',
  voice: {},
  speechToText: {},
  model: {},
  tools: [],
  turnTaking: {},
  recording: {},
};

/** An agent without a published version answers nothing yet; its draft is the least there can be. */
export function createAgent(
  db: Db,
  tenantId: TenantId,
  input: { readonly slug: string; readonly name: string },
): Promise<AgentId> {
  const draft = JSON.stringify(parseConfig({ ...plainAgent, name: input.name }));
  return inTenant(db, tenantId, async (transaction) => {
    const agent = await queries.insertAgent(transaction, tenantId, { id: newId('agt'), ...input, draft });
    if (agent === undefined) {
      throw new Conflict(`There is an agent "${input.slug}" already; choose another slug.`, {
        code: 'slug-taken',
        data: { slug: input.slug },
      });
    }
    return agent.id;
  });
}

/** Adds a version and makes it the one that answers; calls going on keep the version they began with. */
export async function publishAgentVersion(
  db: Db,
  tenantId: TenantId,
  agentId: AgentId,
  config: z.input<typeof agentConfigSchema>,
  publishedBy: string | null = null,
): Promise<AgentVersion> {
  const parsed = parseConfig(config);
  return inTenant(db, tenantId, async (transaction) => {
    const agent = await queries.lockAgent(transaction, tenantId, agentId);
    if (agent === undefined || agent.archivedAt !== null) throw noSuchAgent();
    const version = await queries.nextVersion(transaction, tenantId, agentId);
    const id = newId('agv');
    const text = JSON.stringify(parsed);
    await queries.insertVersion(transaction, tenantId, { id, agentId, version, config: text, publishedBy });
    await queries.updateAgent(transaction, tenantId, agentId, {
      publishedVersionId: id,
      name: parsed.name,
      draft: text,
    });
    return { id, agentId, version, config: parsed };
  });
}

export function getAgentVersion(
  db: Db,
  tenantId: TenantId,
  versionId: AgentVersionId,
): Promise<AgentVersion> {
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.findVersion(transaction, tenantId, versionId);
    if (row === undefined) throw new NotFound('There is no such version of an agent.');
    const { id, agentId, version } = row;
    return { id, agentId, version, config: storedConfigSchema.parse(row.config) };
  });
}

/** What answers now. Undefined where nothing has been published, or the agent is put away. */
export function findPublishedVersion(
  db: Db,
  tenantId: TenantId,
  agentId: AgentId,
): Promise<AgentVersion | undefined> {
  return inTenant(db, tenantId, async (transaction) => {
    const agent = await queries.findAgent(transaction, tenantId, agentId);
    if (agent === undefined) throw noSuchAgent();
    if (agent.publishedVersionId === null || agent.archivedAt !== null) return undefined;
    return getAgentVersion(transaction, tenantId, agent.publishedVersionId);
  });
}

export function findAgentBySlug(db: Db, tenantId: TenantId, slug: string) {
  return inTenant(db, tenantId, (transaction) => queries.findAgentBySlug(transaction, tenantId, slug));
}

/** The ids, checked: each the tenant's own and not archived. A foreign one is as unknown as one that is not there. */
export async function checkAgents(
  tx: Tx,
  named: readonly { readonly agentId: string; readonly pointer: string }[],
): Promise<AgentId[]> {
  const parsed = named.map(({ agentId, pointer }) => ({ id: parseId('agt', agentId), pointer }));
  const ids = parsed.flatMap(({ id }) => id ?? []);
  const live = new Set<AgentId>(await queries.listLiveIds(tx, tx.tenantId, ids));
  const wrong = parsed.filter(({ id }) => id === undefined || !live.has(id));
  if (wrong.length === 0) return ids;
  throw new InvalidInput(
    'There is no such agent.',
    wrong.map(({ pointer }) => ({ pointer, detail: 'is no agent of yours' })),
    { code: 'agent-unknown' },
  );
}

export function noSuchAgent(): NotFound {
  return new NotFound('There is no such agent.');
}
