import type { Db } from '../../../platform/data/db.ts';
import { NotFound } from '../../../platform/process/errors.ts';
import { newId } from '../../../platform/data/ids.ts';
import type { KnowledgeEntryId } from '../../tenancy/ids/ids.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../platform/data/paging.ts';
import { z } from 'zod';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { checkMatch } from '../../tenancy/access/access.ts';
import { recordChange } from '../../tenancy/audit/audit.ts';
import { inTenant } from '../../tenancy/tenants/tenants.ts';
import { type Chunk, chunkText, MAX_CHUNK_CHARACTERS, readPlainText } from '../extract/extract.ts';
import { enqueueEmbedding, replaceChunks } from '../indexing/indexing.ts';
import * as queries from './source-queries.ts';
import { type Entry, type EntryView, entryOf, presentEntry } from './source.ts';

export interface NewEntry {
  /** The question it answers, or a heading. */
  readonly title: string;
  readonly text: string;
  readonly language: string;
}

/** Found by its words as soon as this commits, and by its meaning a moment later. */
export function createEntry(db: Db, actor: TenantActor, input: NewEntry): Promise<Entry> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const chunks = chunksOf(input);
    const row = await queries.insertSource(transaction, tenantId, {
      id: newId('ken'),
      kind: 'entry',
      title: input.title,
      body: input.text,
      language: input.language,
      status: 'embedding',
      chunkCount: chunks.length,
    });
    await replaceChunks(transaction, row, chunks);
    await enqueueEmbedding(transaction, row);
    const entry = entryOf(row);
    await recordChange(transaction, actor, {
      action: 'knowledge-entry.created',
      resource: 'knowledge-entry',
      resourceId: entry.id,
      after: contentOf(entry),
    });
    return entry;
  });
}

export function getEntry(db: Db, actor: TenantActor, entryId: KnowledgeEntryId): Promise<Entry> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) =>
    entryOf(existing(await queries.findSource(transaction, tenantId, entryId))),
  );
}

/** Newest first. */
export function listEntries(
  db: Db,
  actor: TenantActor,
  page: PageRequest & { readonly status?: Entry['status'] | undefined },
): Promise<Page<EntryView>> {
  const { tenantId } = actor;
  const before = page.cursor === undefined ? undefined : decodeCursor(page.cursor, z.tuple([z.string()]))[0];
  const { status, limit } = page;
  return inTenant(db, tenantId, async (transaction) => {
    const filter = { kind: 'entry', status, before, limit: limit + 1 } as const;
    const rows = await queries.listSources(transaction, tenantId, filter);
    return toPage(
      rows,
      limit,
      ({ id }) => [id],
      (row) => presentEntry(entryOf(row)),
    );
  });
}

/** What was written before stays findable until this commits. */
export function updateEntry(
  db: Db,
  actor: TenantActor,
  entryId: KnowledgeEntryId,
  { ifMatch, ...changes }: Partial<NewEntry> & { readonly ifMatch: string | undefined },
): Promise<Entry> {
  return changeEntry(db, actor, entryId, { changes, ifMatch, action: 'knowledge-entry.changed' });
}

/** Indexes and embeds it anew, such as after its embedding has failed. */
export function resyncEntry(db: Db, actor: TenantActor, entryId: KnowledgeEntryId): Promise<Entry> {
  return changeEntry(db, actor, entryId, {
    changes: {},
    ifMatch: undefined,
    action: 'knowledge-entry.resynced',
  });
}

function changeEntry(
  db: Db,
  actor: TenantActor,
  entryId: KnowledgeEntryId,
  change: {
    readonly changes: Partial<NewEntry>;
    readonly ifMatch: string | undefined;
    readonly action: string;
  },
): Promise<Entry> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const before = entryOf(existing(await queries.lockSource(transaction, tenantId, entryId)));
    checkMatch(change.ifMatch, contentOf(before));
    const content = { ...contentOf(before), ...change.changes };
    const chunks = chunksOf(content);
    const row = await queries.updateSource(transaction, tenantId, entryId, {
      title: content.title,
      body: content.text,
      language: content.language,
      status: 'embedding',
      failure: null,
      contentVersion: before.contentVersion + 1,
      chunkCount: chunks.length,
      embeddedCount: 0,
    });
    await replaceChunks(transaction, row, chunks);
    await enqueueEmbedding(transaction, row);
    const after = entryOf(row);
    await recordChange(transaction, actor, {
      action: change.action,
      resource: 'knowledge-entry',
      resourceId: entryId,
      before: contentOf(before),
      after: contentOf(after),
    });
    return after;
  });
}

export function removeEntry(db: Db, actor: TenantActor, entryId: KnowledgeEntryId): Promise<void> {
  const { tenantId } = actor;
  return inTenant(db, tenantId, async (transaction) => {
    const entry = entryOf(existing(await queries.lockSource(transaction, tenantId, entryId)));
    await queries.deleteSource(transaction, tenantId, entryId);
    await recordChange(transaction, actor, {
      action: 'knowledge-entry.removed',
      resource: 'knowledge-entry',
      resourceId: entryId,
      before: contentOf(entry),
    });
  });
}

function existing<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new NotFound('There is no such knowledge entry.');
  return row;
}

/** What people edit; its progress through the jobs is no change of theirs, and not in the ETag. */
export function contentOf({ title, text, language }: NewEntry): NewEntry {
  return { title, text, language };
}

/** A question and its answer stay together while they fit into one chunk. */
function chunksOf({ title, text }: NewEntry): readonly Chunk[] {
  const body = text.trim();
  if (body.length <= MAX_CHUNK_CHARACTERS) {
    return [{ headingPath: title, body, overlapCharacters: 0, page: undefined }];
  }
  return chunkText([{ kind: 'heading', level: 1, text: title }, ...readPlainText(body)]);
}
