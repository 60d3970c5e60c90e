import type { Tx } from '../../tenancy/tx.ts';
import { z } from 'zod';
import type { Db } from '../../../platform/data/db.ts';
import { Conflict, NotFound } from '../../../platform/process/errors.ts';
import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { AgentId, AgentVersionId } from '../../tenancy/references/ids.ts';
import { decodeCursor, type PageRequest } from '../../../platform/data/paging.ts';
import { actorIdOf, type TenantActor } from '../../tenancy/access/actor.ts';
import { recordChange } from '../../tenancy/audit/record-change.ts';
import { inTenant } from '../../tenancy/tenants/unit-of-work.ts';
import type { AgentCatalogue } from './agent-catalogue.ts';
import type { AgentRow } from './agent-table.ts';
import type { AgentConfig } from './agent-config.ts';
import { parseConfig } from './check-config.ts';
import { presentConfig } from './config-schema.ts';
import { compareConfigs, type ConfigDifference } from './compare-configs.ts';
import { applyPatch } from './draft-patch.ts';
import { languageWarnings, type PublishWarning } from './publish-warnings.ts';
import * as queries from './agent-queries.ts';
import { noSuchAgent, publishAgentVersion } from './agent-version-service.ts';
import { storedConfigSchema } from './single-choice.ts';

/** An agent as it is being worked on, and what of it answers. */
export interface AgentView {
  readonly id: AgentId;
  readonly draft: AgentConfig;
  readonly published: PublishedVersion | null;
  /** The draft differs from what answers. */
  readonly hasUnpublishedChanges: boolean;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface PublishedVersion {
  readonly id: AgentVersionId;
  readonly version: number;
  readonly publishedAt: Date;
  readonly publishedBy: string | null;
}

export interface VersionView extends PublishedVersion {
  readonly agentId: AgentId;
}

export interface DraftDependencies {
  readonly db: Db;
  readonly catalogue: AgentCatalogue;
  /** The record of calls stands above this room; the root passes it in. */
  readonly hasCalls: (tx: Tx, agentId: AgentId) => Promise<boolean>;
  readonly numbers: NumbersOfAgents;
}

/** What agents ask of the numbers that name them; numbers stand on agents, so the root passes it in. */
export interface NumbersOfAgents {
  /** Numbers in use that the agent answers, at whatever hours. */
  count(tx: Tx, agentId: AgentId): Promise<number>;
  /** Drops the links of an agent that is about to be deleted. */
  unlink(tx: Tx, agentId: AgentId): Promise<void>;
}

/** May refuse a change of the agent as it is (`If-Match`). */
type Check = (current: AgentView) => void;

export function createDraft(
  { db, catalogue }: DraftDependencies,
  actor: TenantActor,
  input: unknown,
): Promise<AgentView> {
  const draft = parseConfig(input, catalogue);
  const id = newId('agt');
  return inTenant(db, actor.tenantId, async (transaction) => {
    const row = await queries.insertAgent(transaction, actor.tenantId, {
      id,
      slug: id,
      name: draft.name,
      draft: JSON.stringify(draft),
    });
    if (row === undefined) throw new Conflict('There is such an agent already.', { code: 'agent-exists' });
    await recordChange(transaction, actor, { action: 'agent.created', ...agentNamed(id), after: draft });
    return viewOf(transaction, actor.tenantId, row);
  });
}

export interface AgentListRequest extends PageRequest {
  readonly archived: boolean;
  readonly search?: string | undefined;
}

/** Newest first, one more than asked for. */
export function listAgents(
  db: Db,
  tenantId: TenantId,
  { archived, search, cursor, limit }: AgentListRequest,
): Promise<AgentView[]> {
  const before = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.string()]))[0];
  return inTenant(db, tenantId, async (transaction) => {
    const filter = { isArchived: archived, search, before, limit: limit + 1 };
    return viewsOf(transaction, tenantId, await queries.listAgents(transaction, tenantId, filter));
  });
}

export async function getAgent(tx: Tx, agentId: AgentId): Promise<AgentView> {
  const row = await queries.findAgent(tx, tx.tenantId, agentId);
  if (row === undefined) throw noSuchAgent();
  return viewOf(tx, tx.tenantId, row);
}

/** What answers stays as it is until the draft is published. */
export function updateDraft(
  { db, catalogue }: DraftDependencies,
  actor: TenantActor,
  agentId: AgentId,
  patch: Readonly<Record<string, unknown>>,
  check: Check,
): Promise<AgentView> {
  return changeDraft(db, actor, agentId, 'agent.updated', check, (draft) =>
    Promise.resolve(parseConfig(applyPatch(draft, patch), catalogue)),
  );
}

/** An earlier version becomes the draft; it answers when it is published again. */
export function restoreVersion(
  db: Db,
  actor: TenantActor,
  agentId: AgentId,
  version: number,
  check: Check,
): Promise<AgentView> {
  return changeDraft(db, actor, agentId, 'agent.version-restored', check, (_draft, transaction) =>
    configOf(transaction, agentId, version),
  );
}

export interface Publication {
  readonly version: VersionView;
  readonly isNew: boolean;
  readonly warnings: readonly PublishWarning[];
}

/** Publishing what is published already makes no new version. */
export function publishDraft(
  { db, catalogue }: DraftDependencies,
  actor: TenantActor,
  agentId: AgentId,
  check: Check,
): Promise<Publication> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const before = await lockView(transaction, tenantId, agentId);
    check(before);
    if (before.published !== null && !before.hasUnpublishedChanges) {
      const warnings = languageWarnings(before.draft, catalogue);
      return { version: { ...before.published, agentId }, isNew: false, warnings };
    }
    const config = parseConfig(before.draft, catalogue);
    const by = actorIdOf(actor);
    const { id, version } = await publishAgentVersion(transaction, tenantId, agentId, config, by);
    await recordChange(transaction, actor, {
      action: 'agent.published',
      ...agentNamed(agentId),
      before: { version: before.published?.version },
      after: { version },
    });
    const { published } = await getAgent(transaction, agentId);
    const warnings = languageWarnings(config, catalogue);
    return { version: { ...published!, id, agentId }, isNew: true, warnings };
  });
}

/** One that has answered calls is archived, for their record; any other is deleted. */
export function removeAgent(
  { db, hasCalls, numbers }: Omit<DraftDependencies, 'catalogue'>,
  actor: TenantActor,
  agentId: AgentId,
): Promise<'removed' | 'archived'> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const before = await lockView(transaction, tenantId, agentId);
    if (before.archivedAt !== null) return 'archived';
    const answered = await numbers.count(transaction, agentId);
    if (answered > 0) {
      throw new Conflict(
        `This agent answers ${answered} phone number${answered === 1 ? '' : 's'}; unlink it first.`,
        { code: 'agent-in-use', data: { numbers: answered } },
      );
    }
    const isKept = await hasCalls(transaction, agentId);
    if (isKept) await queries.updateAgent(transaction, tenantId, agentId, { archivedAt: new Date() });
    else {
      await numbers.unlink(transaction, agentId);
      await queries.deleteAgent(transaction, tenantId, agentId);
    }
    const outcome = isKept ? 'archived' : 'removed';
    await recordChange(transaction, actor, {
      action: `agent.${outcome}`,
      ...agentNamed(agentId),
      before: before.draft,
    });
    return outcome;
  });
}

export function listVersions(
  db: Db,
  tenantId: TenantId,
  agentId: AgentId,
  { cursor, limit }: PageRequest,
): Promise<VersionView[]> {
  const before = cursor === undefined ? undefined : decodeCursor(cursor, z.tuple([z.int()]))[0];
  return inTenant(db, tenantId, async (transaction) => {
    if ((await queries.findAgent(transaction, tenantId, agentId)) === undefined) throw noSuchAgent();
    const page = { before, limit: limit + 1 };
    const rows = await queries.listVersionsOf(transaction, tenantId, agentId, page);
    return rows.map(({ createdAt, ...row }) => ({ ...row, publishedAt: createdAt }));
  });
}

export function getVersion(
  db: Db,
  tenantId: TenantId,
  agentId: AgentId,
  version: number,
): Promise<VersionView & { readonly config: AgentConfig }> {
  return inTenant(db, tenantId, async (transaction) => {
    const row = await queries.findVersionByNumber(transaction, tenantId, agentId, version);
    if (row === undefined) throw noSuchVersion();
    const { createdAt, config, ...rest } = row;
    return { ...rest, publishedAt: createdAt, config: storedConfigSchema.parse(config) };
  });
}

/** Versions by their number, or `draft`. */
export function compareVersions(
  db: Db,
  tenantId: TenantId,
  agentId: AgentId,
  [a, b]: readonly [number | 'draft', number | 'draft'],
): Promise<ConfigDifference[]> {
  return inTenant(db, tenantId, async (transaction) =>
    compareConfigs(
      presentConfig(await configOf(transaction, agentId, a)),
      presentConfig(await configOf(transaction, agentId, b)),
    ),
  );
}

async function configOf(tx: Tx, agentId: AgentId, version: number | 'draft'): Promise<AgentConfig> {
  if (version === 'draft') return (await getAgent(tx, agentId)).draft;
  return (await getVersion(tx, tx.tenantId, agentId, version)).config;
}

function changeDraft(
  db: Db,
  actor: TenantActor,
  agentId: AgentId,
  action: string,
  check: Check,
  change: (draft: AgentConfig, tx: Tx) => Promise<AgentConfig>,
): Promise<AgentView> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const before = await lockView(transaction, tenantId, agentId);
    check(before);
    if (before.archivedAt !== null) throw new Conflict('This agent is archived.', { code: 'agent-archived' });
    const draft = await change(before.draft, transaction);
    const row = await queries.updateAgent(transaction, tenantId, agentId, {
      draft: JSON.stringify(draft),
      name: draft.name,
    });
    await recordChange(transaction, actor, {
      action,
      ...agentNamed(agentId),
      before: before.draft,
      after: draft,
    });
    return viewOf(transaction, tenantId, row);
  });
}

async function lockView(db: Db, tenantId: TenantId, agentId: AgentId): Promise<AgentView> {
  const row = await queries.lockAgent(db, tenantId, agentId);
  if (row === undefined) throw noSuchAgent();
  return viewOf(db, tenantId, row);
}

async function viewOf(db: Db, tenantId: TenantId, row: AgentRow): Promise<AgentView> {
  const [view] = await viewsOf(db, tenantId, [row]);
  if (view === undefined) throw noSuchAgent();
  return view;
}

async function viewsOf(db: Db, tenantId: TenantId, rows: readonly AgentRow[]): Promise<AgentView[]> {
  const ids = rows.flatMap(({ publishedVersionId }) => publishedVersionId ?? []);
  const published = await queries.listPublished(db, tenantId, ids);
  const byId = new Map(published.map((version) => [version.id, version]));
  return rows.flatMap((row) => {
    const version = row.publishedVersionId === null ? undefined : byId.get(row.publishedVersionId);
    const draft = storedConfigSchema.safeParse(row.draft).data;
    if (draft === undefined) return [];
    const answering = version === undefined ? undefined : storedConfigSchema.safeParse(version.config).data;
    return {
      id: row.id,
      draft,
      published:
        version === undefined
          ? null
          : {
              id: version.id,
              version: version.version,
              publishedAt: version.createdAt,
              publishedBy: version.publishedBy,
            },
      hasUnpublishedChanges: compareConfigs(answering, draft).length > 0,
      archivedAt: row.archivedAt,
      createdAt: row.createdAt,
      updatedAt: row.updatedAt,
    };
  });
}

function agentNamed(agentId: AgentId): { readonly resource: string; readonly resourceId: string } {
  return { resource: 'agent', resourceId: agentId };
}

function noSuchVersion(): NotFound {
  return new NotFound('There is no such version of this agent.');
}
