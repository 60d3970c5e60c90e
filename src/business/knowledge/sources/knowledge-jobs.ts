import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import type { Clock } from '../../../platform/process/clock.ts';
import { type Db, withTenant } from '../../../platform/data/db.ts';
import { Conflict, VendorError } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import type { KnowledgeSourceId } from '../../tenancy/references/ids.ts';
import { declareJob, type JobDeclaration } from '../../../jobs/jobs.ts';
import type { Storage } from '../../../platform/data/storage.ts';
import type { Embedder } from '../indexing/embedder.ts';
import { extractFile, type Extraction } from '../extract/extract-file.ts';
import {
  embeddedText,
  embedSourceJobName,
  extractFileJobName,
  promiseEmbedding,
  removeFileJobName,
  replaceChunks,
} from '../indexing/index-source.ts';
import * as index from '../indexing/index-queries.ts';
import * as queries from './source-queries.ts';
import { fileOf, type SourceRow } from './source.ts';
import { VectorStore } from '../indexing/vector-store.ts';

export interface KnowledgeJobsDependencies {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly embedder: Embedder | undefined;
}

const sourceData = z.object({
  tenantId: z.string().transform((id) => id as TenantId),
  sourceId: z.string().transform((id) => id as KnowledgeSourceId),
  contentVersion: z.int(),
});
type SourceJob = z.output<typeof sourceData>;

/** One answer of the vendor's; a job may ask many times. */
const EMBEDDING_TIMEOUT_MS = 30_000;

/** What becomes of knowledge after it was written down: read, embedded, and in the end removed. */
export function knowledgeJobs(dependencies: KnowledgeJobsDependencies): readonly JobDeclaration[] {
  const { storage } = dependencies;
  const store = new VectorStore();
  return [
    declareJob({
      name: extractFileJobName,
      schema: sourceData,
      // Each file that is read may take much memory.
      maxAtOnce: 1,
      run: (data, { db }) => readSource(db, dependencies, data),
      onDeadLetter: (data, { db }) => failUnread(db, data),
    }),
    declareJob({
      name: embedSourceJobName,
      schema: sourceData,
      // Each waits for the vendor most of its time.
      maxAtOnce: 2,
      run: (data, { db }) => embedSource(db, dependencies, store, data),
      onDeadLetter: (data, { db }) => failUnembedded(db, data),
    }),
    declareJob({
      name: removeFileJobName,
      schema: z.object({ storageKey: z.string() }),
      run: ({ storageKey }) => storage.remove(storageKey),
    }),
  ];
}

async function readSource(
  db: Db,
  { storage, clock }: KnowledgeJobsDependencies,
  { tenantId, sourceId, contentVersion }: SourceJob,
): Promise<void> {
  const row = await beginReading(db, { tenantId, sourceId, contentVersion });
  if (row === undefined) return;
  const extraction = await extractStored(storage, clock, row);
  if (extraction.type === 'unreadable') {
    await fail(db, { tenantId, sourceId, contentVersion }, extraction.reason);
    return;
  }
  const { chunks, pageCount } = extraction;
  try {
    await withTenant(db, tenantId, async (transaction) => {
      const source = await queries.lockSource(transaction, tenantId, sourceId);
      if (source === undefined || source.contentVersion !== contentVersion) return;
      await replaceChunks(transaction, tenantId, source, chunks);
      await queries.updateSource(transaction, tenantId, sourceId, {
        status: 'embedding',
        failure: null,
        pageCount: pageCount ?? null,
        chunkCount: chunks.length,
        embeddedCount: 0,
      });
      await promiseEmbedding(transaction, tenantId, source);
    });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    // No room for it, which trying again does not change.
    await fail(db, { tenantId, sourceId, contentVersion }, error.message);
  }
}

async function extractStored(storage: Storage, clock: Clock, row: SourceRow): Promise<Extraction> {
  const { storageKey, mediaType } = fileOf(row);
  const stored = await storage.read(storageKey);
  if (stored === undefined) return { type: 'unreadable', reason: 'The file is gone. Upload it again.' };
  const bytes = await buffer(stored.stream as Readable);
  // A copy with memory of its own, which can be given away whole; a small buffer shares its memory with others.
  return extractFile({ bytes: new Uint8Array(bytes), mediaType }, clock);
}

async function embedSource(
  db: Db,
  { embedder, clock }: KnowledgeJobsDependencies,
  store: VectorStore,
  job: SourceJob,
): Promise<void> {
  if ((await beginEmbedding(db, job)) === undefined) return;
  if (embedder !== undefined) {
    try {
      while (await embedBatch(db, { embedder, clock }, store, job));
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      await fail(db, job, notEmbedded);
      // Tried again with growing pauses; after the last of them it stays as it is, and can be synced again by hand.
      throw error;
    }
  }
  await withTenant(db, job.tenantId, async (transaction) => {
    // Some chunks may have kept the vectors of the version before.
    const embeddedCount =
      embedder === undefined ? 0 : await index.countEmbedded(transaction, job.tenantId, job, embedder.model);
    await settle(transaction, job, { status: 'ready', failure: null, embeddedCount });
  });
}

/** Whether anything was left to embed. No transaction is open while the vendor is asked. */
async function embedBatch(
  db: Db,
  { embedder, clock }: { readonly embedder: Embedder; readonly clock: Clock },
  store: VectorStore,
  job: SourceJob,
): Promise<boolean> {
  const { tenantId } = job;
  const { model } = embedder;
  const chunks = await withTenant(db, tenantId, (transaction) =>
    index.listUnembedded(transaction, tenantId, job, { model, limit: embedder.maxTexts }),
  );
  if (chunks.length === 0) return false;
  const vectors = await embedWithin(embedder, clock, chunks.map(embeddedText));
  return withTenant(db, tenantId, async (transaction) => {
    const source = await queries.lockSource(transaction, tenantId, job.sourceId);
    if (source === undefined || source.contentVersion !== job.contentVersion) return false;
    const positions = chunks.map(({ position }) => position);
    await store.write(transaction, tenantId, job, { model, positions, vectors });
    const embeddedCount = await index.countEmbedded(transaction, tenantId, job, model);
    await queries.updateSource(transaction, tenantId, job.sourceId, { embeddedCount });
    return embeddedCount < source.chunkCount;
  });
}

async function embedWithin(
  embedder: Embedder,
  clock: Clock,
  texts: readonly string[],
): Promise<readonly Float32Array[]> {
  const controller = new AbortController();
  const timeout = new VendorError(embedder.vendor, 'no vectors in time', {
    code: 'timeout',
    isRetryable: true,
  });
  const cancel = clock.after(EMBEDDING_TIMEOUT_MS, () => controller.abort(timeout));
  try {
    return await embedder.embed(texts, { signal: controller.signal });
  } finally {
    cancel();
  }
}

/** Undefined when the source is deleted, a later version is on its way, or this one has been read already. */
function beginReading(db: Db, job: SourceJob): Promise<SourceRow | undefined> {
  return withTenant(db, job.tenantId, async (transaction) => {
    const source = await lockVersion(transaction, job);
    if (source === undefined || source.status === 'embedding' || source.status === 'ready') return undefined;
    return settle(transaction, job, { status: 'extracting', failure: null });
  });
}

/** Undefined when the source is deleted, or a later version is on its way. */
function beginEmbedding(db: Db, job: SourceJob): Promise<SourceRow | undefined> {
  return withTenant(db, job.tenantId, (transaction) =>
    settle(transaction, job, { status: 'embedding', failure: null }),
  );
}

const notRead = 'Reading this file failed several times. Upload it in another form, or in smaller parts.';
const notEmbedded = 'It is found by its words, but not yet by its meaning: the vendor has failed us.';

async function failUnread(db: Db, job: SourceJob): Promise<void> {
  await withTenant(db, job.tenantId, async (transaction) => {
    const source = await lockVersion(transaction, job);
    if (source?.status !== 'queued' && source?.status !== 'extracting') return;
    await settle(transaction, job, { status: 'failed', failure: notRead });
  });
}

async function failUnembedded(db: Db, job: SourceJob): Promise<void> {
  await withTenant(db, job.tenantId, async (transaction) => {
    const source = await lockVersion(transaction, job);
    if (source?.status !== 'embedding') return;
    await settle(transaction, job, { status: 'failed', failure: notEmbedded });
  });
}

async function fail(db: Db, job: SourceJob, failure: string): Promise<void> {
  await withTenant(db, job.tenantId, (transaction) =>
    settle(transaction, job, { status: 'failed', failure }),
  );
}

async function settle(
  transaction: Db,
  job: SourceJob,
  changes: Pick<SourceRow, 'status' | 'failure'> & Partial<Pick<SourceRow, 'embeddedCount'>>,
): Promise<SourceRow | undefined> {
  if ((await lockVersion(transaction, job)) === undefined) return undefined;
  return queries.updateSource(transaction, job.tenantId, job.sourceId, changes);
}

async function lockVersion(
  transaction: Db,
  { tenantId, sourceId, contentVersion }: SourceJob,
): Promise<SourceRow | undefined> {
  const source = await queries.lockSource(transaction, tenantId, sourceId);
  return source?.contentVersion === contentVersion ? source : undefined;
}
