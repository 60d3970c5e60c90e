import { findPublishedVersion } from '../business/line/agents/agents.ts';
import { type Line, lineVariables, readBusinessHours } from '../business/line/directory/directory.ts';
import type { AgentId } from '../business/tenancy/ids/ids.ts';
import type { Tx } from '../business/tenancy/tenancy.ts';
import { getTenant } from '../business/tenancy/tenants/tenants.ts';
import { Unprocessable } from '../platform/process/errors.ts';

/** The agent of a chat, and what it may say of the business. */
export interface ChatLine {
  readonly line: Pick<
    Line,
    'tenantId' | 'businessName' | 'timeZone' | 'agentId' | 'agentVersionId' | 'agent'
  >;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** The published version of the agent; Unprocessable where there is none. */
export async function loadChatLine(tx: Tx, agentId: AgentId, now: Date): Promise<ChatLine> {
  const { tenantId } = tx;
  const version = await findPublishedVersion(tx, agentId);
  if (version === undefined) {
    throw new Unprocessable('This agent has no published version.', { code: 'agent-not-published' });
  }
  const { name: businessName, timeZone } = await getTenant(tx);
  const hours = await readBusinessHours(tx, timeZone);
  const { id: agentVersionId, config: agent } = version;
  return {
    line: { tenantId, businessName, timeZone, agentId, agentVersionId, agent },
    variables: lineVariables({ agent, ...(hours === undefined ? {} : { hours }) }, now),
  };
}
