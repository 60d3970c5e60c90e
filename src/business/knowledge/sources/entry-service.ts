import { newId } from '../../../platform/data/ids.ts';
import type { Page } from '../../../platform/data/paging.ts';
import type { RequestedChange } from '../../../platform/data/version.ts';
import type { TenantActor } from '../../tenancy/actor/actor.ts';
import { happened } from '../../tenancy/events/events.ts';
import type { KnowledgeEntryId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { type Chunk, chunkText, MAX_CHUNK_CHARACTERS, readPlainText } from '../extract/extract.ts';
import { enqueueEmbedding, replaceChunks, setProgress } from '../indexing/indexing.ts';
import { entryTable, type SourceRow } from '../knowledge-source-table.ts';
import { type Entry, type EntryChanges, type NewEntry, toEntry } from './entry.ts';
import { knowledgeEntryEvents } from './entry-events.ts';
import { listSources, type SourceQuery } from './source.ts';

/** Writes an entry. Searches find it by its words as soon as this commits, and by its meaning a moment later. */
export async function createEntry(tx: Tx, actor: TenantActor, input: NewEntry): Promise<Entry> {
  const { title, text, language } = input;
  const chunks = chunksOf(input);
  const row = await entryTable.insert(tx, {
    id: newId('ken'),
    kind: 'entry',
    title,
    body: text,
    language,
    status: 'embedding',
    chunkCount: chunks.length,
  });
  const after = await index(tx, row!, chunks);
  await happened(tx, actor, knowledgeEntryEvents.created({ subject: after.id, after }));
  return after;
}

export async function getEntry(tx: Tx, id: KnowledgeEntryId): Promise<Entry> {
  return toEntry(await entryTable.get(tx, id));
}

/** Newest first. */
export async function listEntries(tx: Tx, query: SourceQuery): Promise<Page<Entry>> {
  const { data, nextCursor } = await listSources(tx, 'entry', query);
  return { data: data.map(toEntry), nextCursor };
}

/** Changes an entry. Searches find its old text until this commits. */
export async function changeEntry(
  tx: Tx,
  actor: TenantActor,
  id: KnowledgeEntryId,
  { changes, ifMatch }: RequestedChange<EntryChanges>,
): Promise<Entry> {
  const row = await entryTable.lock(tx, id, ifMatch);
  const before = toEntry(row);
  const { title = before.title, text = before.text, language = before.language } = changes;
  const chunks = chunksOf({ title, text });
  const values = { title, body: text, language, ...beginAnew(row, chunks) };
  const after = await index(tx, await entryTable.update(tx, id, values), chunks);
  await happened(tx, actor, knowledgeEntryEvents.changed({ subject: id, before, after }));
  return after;
}

/** Indexes and embeds an entry anew, such as after its embedding has failed. This is no edit: the version stays. */
export async function resyncEntry(tx: Tx, actor: TenantActor, id: KnowledgeEntryId): Promise<Entry> {
  const row = await entryTable.lock(tx, id);
  const before = toEntry(row);
  const chunks = chunksOf(before);
  const after = await index(tx, await setProgress(tx, id, beginAnew(row, chunks)), chunks);
  await happened(tx, actor, knowledgeEntryEvents.resynced({ subject: id, before, after }));
  return after;
}

export async function removeEntry(tx: Tx, actor: TenantActor, id: KnowledgeEntryId): Promise<void> {
  const before = toEntry(await entryTable.lock(tx, id));
  await entryTable.remove(tx, id);
  await happened(tx, actor, knowledgeEntryEvents.removed({ subject: id, before }));
}

/** The columns of a source whose contents are indexed once more. */
function beginAnew({ contentVersion }: SourceRow, chunks: readonly Chunk[]) {
  return {
    status: 'embedding',
    failure: null,
    contentVersion: contentVersion + 1,
    chunkCount: chunks.length,
    embeddedCount: 0,
  } as const;
}

async function index(tx: Tx, row: SourceRow, chunks: readonly Chunk[]): Promise<Entry> {
  await replaceChunks(tx, row, chunks);
  await enqueueEmbedding(tx, row);
  return toEntry(row);
}

/** A question and its answer stay together while they fit into one chunk. */
function chunksOf({ title, text }: Pick<NewEntry, 'title' | 'text'>): readonly Chunk[] {
  const body = text.trim();
  if (body.length <= MAX_CHUNK_CHARACTERS) {
    return [{ headingPath: title, body, overlapCharacters: 0, page: undefined }];
  }
  return chunkText([{ kind: 'heading', level: 1, text: title }, ...readPlainText(body)]);
}
