import type { AgentConfigInput } from '../../../../src/business/line/agents/agent-config.ts';
import { changeDraft, createAgent } from '../../../../src/business/line/agents/agent-service.ts';
import type { AgentVersion } from '../../../../src/business/line/agents/agent-version.ts';
import { publishDraft } from '../../../../src/business/line/agents/publish-draft.ts';
import { systemActor } from '../../../../src/business/tenancy/actor/actor.ts';
import type { AgentId } from '../../../../src/business/tenancy/ids/ids.ts';
import type { Tenancy } from '../../../../src/business/tenancy/tenancy.ts';
import type { TenantId } from '../../../../src/platform/data/ids.ts';

/** The version that a new agent of this description answers with. */
export function aPublishedAgent(
  tenancy: Tenancy,
  tenantId: TenantId,
  config: AgentConfigInput,
): Promise<AgentVersion> {
  const actor = systemActor(tenantId, 'test');
  return tenancy.run(actor, async (tx) => {
    const { id } = await createAgent(tx, actor, config);
    return (await publishDraft(tx, actor, id)).version;
  });
}

/** The version that the agent answers with when its draft has been changed to this. */
export function publishAgain(
  tenancy: Tenancy,
  tenantId: TenantId,
  agentId: AgentId,
  config: AgentConfigInput,
): Promise<AgentVersion> {
  const actor = systemActor(tenantId, 'test');
  return tenancy.run(actor, async (tx) => {
    await changeDraft(tx, actor, agentId, { changes: { ...config } });
    return (await publishDraft(tx, actor, agentId)).version;
  });
}
