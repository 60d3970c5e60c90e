import type { z } from 'zod';
import type { Db } from '../../platform/db.ts';
import { Conflict, InvalidInput, NotFound } from '../../platform/errors.ts';
import { type AgentId, type AgentVersionId, newId, type TenantId } from '../../platform/ids.ts';
import { inTenant } from '../tenants/unit-of-work.ts';
import { type AgentConfig, agentConfigSchema } from './agent-config.ts';
import * as queries from './queries.ts';

export interface AgentVersion {
  readonly id: AgentVersionId;
  readonly agentId: AgentId;
  readonly version: number;
  readonly config: AgentConfig;
}

/** An agent without a published version answers nothing yet. */
export function createAgent(
  db: Db,
  tenantId: TenantId,
  input: { readonly slug: string; readonly name: string },
): Promise<AgentId> {
  return inTenant(db, tenantId, async (transaction) => {
    const agent = await queries.insertAgent(transaction, tenantId, { id: newId('agt'), ...input });
    if (agent === undefined) {
      throw new Conflict(`There is an agent "${input.slug}" already; choose another slug.`);
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
): Promise<AgentVersion> {
  const parsed = agentConfigSchema.safeParse(config);
  if (!parsed.success) {
    throw new InvalidInput(
      'The agent cannot be published as it is described; correct the fields named.',
      parsed.error.issues.map((issue) => ({
        pointer: `/${issue.path.map(String).join('/')}`,
        detail: issue.message,
      })),
    );
  }
  return inTenant(db, tenantId, async (transaction) => {
    if ((await queries.lockAgent(transaction, tenantId, agentId)) === undefined) {
      throw new NotFound('There is no such agent.');
    }
    const version = await queries.nextVersion(transaction, tenantId, agentId);
    const id = newId('agv');
    const text = JSON.stringify(parsed.data);
    await queries.insertVersion(transaction, tenantId, { id, agentId, version, config: text });
    await queries.setPublishedVersion(transaction, tenantId, agentId, id);
    return { id, agentId, version, config: parsed.data };
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
    return { ...row, config: agentConfigSchema.parse(row.config) };
  });
}

export function findAgentBySlug(db: Db, tenantId: TenantId, slug: string) {
  return inTenant(db, tenantId, (transaction) => queries.findAgentBySlug(transaction, tenantId, slug));
}
