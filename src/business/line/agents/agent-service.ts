import { newId } from '../../../platform/data/ids.ts';
import type { ExpectedVersions, RequestedChange } from '../../../platform/data/version.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { AgentId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { Agent, Removal } from './agent.ts';
import type { AgentCatalogue } from './agent-catalogue.ts';
import type { AgentConfig } from './agent-config.ts';
import { agentEvents } from './agent-events.ts';
import { type AgentRow, agentTable } from './agent-table.ts';
import { draftOf, getVersion } from './agent-versions.ts';
import { toAgent } from './agent-view.ts';
import { parseConfig } from './check-config.ts';
import { applyPatch } from './draft-patch.ts';

/** Makes an agent as a draft, which answers nothing until it is published. Without a slug it is named by its id. */
export async function createAgent(
  tx: Tx,
  actor: TenantActor,
  input: unknown,
  { catalogue, slug }: { readonly catalogue?: AgentCatalogue; readonly slug?: string } = {},
): Promise<Agent> {
  const draft = parseConfig(input, catalogue);
  const id = newId('agt');
  const row = await agentTable.insert(tx, { id, slug: slug ?? id, ...stored(draft) });
  if (row === undefined) {
    throw new Conflict(`There is an agent "${slug}" already; choose another slug.`, {
      code: 'slug-taken',
      data: { slug },
    });
  }
  await happened(tx, actor, agentEvents.created({ subject: id, after: draft }));
  return toAgent(tx, row);
}

/** Changes the fields that are named. The published version answers until the draft is published. */
export async function changeDraft(
  tx: Tx,
  actor: TenantActor,
  id: AgentId,
  request: RequestedChange<Readonly<Record<string, unknown>>> & { readonly catalogue?: AgentCatalogue },
): Promise<Agent> {
  const before = await lockDraft(tx, id, request.ifMatch);
  const draft = parseConfig(applyPatch(draftOf(before), request.changes), request.catalogue);
  return replaceDraft(tx, actor, { before, draft, fact: agentEvents.updated });
}

/** Makes an earlier version the draft; it answers once the draft is published. */
export async function restoreVersion(
  tx: Tx,
  actor: TenantActor,
  id: AgentId,
  { version, ifMatch }: { readonly version: number; readonly ifMatch?: ExpectedVersions },
): Promise<Agent> {
  const before = await lockDraft(tx, id, ifMatch);
  const { config } = await getVersion(tx, id, version);
  return replaceDraft(tx, actor, { before, draft: config, fact: agentEvents['version-restored'] });
}

/** What agents ask of the calls and numbers that name them. Those stand above agents, so the root passes it in. */
export interface AgentUses {
  /** Whether calls on record were answered by the agent. */
  hasCalls(tx: Tx, id: AgentId): Promise<boolean>;
  /** How many numbers in use the agent answers, at whatever hours. */
  countNumbers(tx: Tx, id: AgentId): Promise<number>;
}

/**
 * Deletes the agent, or archives it when there are calls on record that name it. With it the database deletes its
 * versions, and its links to numbers that the tenant has no longer.
 */
export async function removeAgent(
  tx: Tx,
  actor: TenantActor,
  id: AgentId,
  { now, uses }: { readonly now: Date; readonly uses: AgentUses },
): Promise<Removal> {
  const before = await agentTable.lock(tx, id);
  if (before.archivedAt !== null) return { id, outcome: 'archived' };
  refuseWhileAnswering(await uses.countNumbers(tx, id));
  const outcome = (await uses.hasCalls(tx, id)) ? 'archived' : 'removed';
  if (outcome === 'archived') await agentTable.update(tx, id, { archivedAt: now });
  else await agentTable.remove(tx, id);
  await happened(tx, actor, agentEvents[outcome]({ subject: id, before: draftOf(before) }));
  return { id, outcome };
}

function refuseWhileAnswering(numbers: number): void {
  if (numbers === 0) return;
  throw new Conflict(
    `This agent answers ${numbers} phone number${numbers === 1 ? '' : 's'}; unlink it first.`,
    { code: 'agent-in-use', data: { numbers } },
  );
}

async function lockDraft(tx: Tx, id: AgentId, ifMatch: ExpectedVersions): Promise<AgentRow> {
  const row = await agentTable.lock(tx, id, ifMatch);
  if (row.archivedAt === null) return row;
  throw new Conflict('This agent is archived.', { code: 'agent-archived' });
}

async function replaceDraft(
  tx: Tx,
  actor: TenantActor,
  {
    before,
    draft,
    fact,
  }: {
    readonly before: AgentRow;
    readonly draft: AgentConfig;
    readonly fact: typeof agentEvents.updated;
  },
): Promise<Agent> {
  const { id } = before;
  const row = await agentTable.update(tx, id, stored(draft));
  await happened(tx, actor, fact({ subject: id, before: draftOf(before), after: draft }));
  return toAgent(tx, row);
}

/** The columns that a draft is stored in. */
function stored(draft: AgentConfig): { readonly name: string; readonly draft: string } {
  return { name: draft.name, draft: JSON.stringify(draft) };
}
