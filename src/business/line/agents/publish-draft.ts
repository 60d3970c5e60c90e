import { newId } from '../../../platform/data/ids.ts';
import type { ExpectedVersions } from '../../../platform/data/version.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { actorIdOf, type TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { AgentId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import type { AgentCatalogue } from './agent-catalogue.ts';
import type { AgentConfig } from './agent-config.ts';
import { agentEvents } from './agent-events.ts';
import { agentTable } from './agent-table.ts';
import type { AgentVersion } from './agent-version.ts';
import { agentVersionTable } from './agent-version-table.ts';
import { draftOf, findPublished, nextVersionNumber, toVersion } from './agent-versions.ts';
import { isPublishedAs } from './agent-view.ts';
import { parseConfig } from './check-config.ts';
import { languageWarnings, type PublishWarning } from './publish-warnings.ts';

export interface Publication {
  readonly version: AgentVersion;
  readonly isNew: boolean;
  readonly warnings: readonly PublishWarning[];
}

/**
 * Makes a version of the draft that answers from the next call on; calls in progress keep theirs. A draft that is
 * published already makes no new version. With a `catalogue`, the draft is checked against it, and the publication
 * warns of what the languages of the agent lack.
 */
export async function publishDraft(
  tx: Tx,
  actor: TenantActor,
  id: AgentId,
  { catalogue, ifMatch }: { readonly catalogue?: AgentCatalogue; readonly ifMatch?: ExpectedVersions } = {},
): Promise<Publication> {
  const agent = await agentTable.lock(tx, id, ifMatch);
  const draft = draftOf(agent);
  const published = await findPublished(tx, agent);
  const warnings = catalogue === undefined ? [] : languageWarnings(draft, catalogue);
  if (published !== undefined && isPublishedAs(published, draft)) {
    return { version: published, isNew: false, warnings };
  }
  const config = parseConfig(draft, catalogue);
  if (agent.archivedAt !== null) throw new NotFound('There is no such agent.');
  const version = await insertVersion(tx, actor, id, config);
  await agentTable.update(tx, id, { publishedVersionId: version.id });
  await happened(
    tx,
    actor,
    agentEvents.published({ subject: id, before: { version: published?.version ?? null }, after: version }),
  );
  return { version, isNew: true, warnings };
}

async function insertVersion(
  tx: Tx,
  actor: TenantActor,
  agentId: AgentId,
  config: AgentConfig,
): Promise<AgentVersion> {
  const row = await agentVersionTable.insert(tx, {
    id: newId('agv'),
    agentId,
    version: await nextVersionNumber(tx, agentId),
    config: JSON.stringify(config),
    publishedBy: actorIdOf(actor),
  });
  return toVersion(row!);
}
