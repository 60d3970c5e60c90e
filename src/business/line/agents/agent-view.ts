import type { Tx } from '../../tenancy/tenancy.ts';
import type { Agent } from './agent.ts';
import type { AgentConfig } from './agent-config.ts';
import type { AgentRow } from './agent-table.ts';
import type { AgentVersion } from './agent-version.ts';
import { draftOf, findPublished, listVersionsById } from './agent-versions.ts';
import { compareConfigs } from './compare-configs.ts';
import { presentConfig } from './config-schema.ts';

/** The agents in the form in which they are answered, each with its published version. */
export async function toAgents(tx: Tx, rows: readonly AgentRow[]): Promise<Agent[]> {
  const ids = rows.flatMap(({ publishedVersionId }) => publishedVersionId ?? []);
  const versions = await listVersionsById(tx, ids);
  return rows.map((row) =>
    describe(row, row.publishedVersionId === null ? undefined : versions.get(row.publishedVersionId)),
  );
}

export async function toAgent(tx: Tx, row: AgentRow): Promise<Agent> {
  return describe(row, await findPublished(tx, row));
}

/** Whether publishing the draft would change nothing. */
export function isPublishedAs(published: AgentVersion, draft: AgentConfig): boolean {
  return compareConfigs(published.config, draft).length === 0;
}

function describe(row: AgentRow, published: AgentVersion | undefined): Agent {
  const { id, version, archivedAt, createdAt, updatedAt } = row;
  const draft = draftOf(row);
  return {
    id,
    version,
    name: draft.name,
    status: archivedAt !== null ? 'archived' : published === undefined ? 'draft' : 'published',
    draft: presentConfig(draft),
    published: published ?? null,
    hasUnpublishedChanges: published === undefined || !isPublishedAs(published, draft),
    archivedAt,
    createdAt,
    updatedAt,
  };
}
