import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { declareJob, type JobDeclaration } from '../../../jobs/jobs.ts';
import type { Storage } from '../../../platform/data/storage.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import { extractFile, type Extraction } from '../extract/extract.ts';
import {
  enqueueEmbedding,
  lockContents,
  replaceChunks,
  setProgress,
  settleContents,
  type SourceJob,
  sourceJobData,
} from '../indexing/indexing.ts';
import type { SourceRow } from '../knowledge-source-table.ts';
import { extractFileJobName, removeFileJobName } from './file-service.ts';

export interface FileJobDependencies {
  readonly tenancy: Tenancy;
  readonly storage: Storage;
  readonly clock: Clock;
}

const notRead = 'Reading this file failed several times. Upload it in another form, or in smaller parts.';

/** The jobs of files: read one, and remove one from storage. */
export function fileJobs(dependencies: FileJobDependencies): readonly JobDeclaration[] {
  return [
    declareJob({
      name: extractFileJobName,
      schema: sourceJobData,
      // Each file that is read may take much memory.
      maxAtOnce: 1,
      run: (job) => readFile(dependencies, job),
      onDeadLetter: (job) => failUnread(dependencies, job),
    }),
    declareJob({
      name: removeFileJobName,
      schema: z.object({ storageKey: z.string() }),
      run: ({ storageKey }) => dependencies.storage.remove(storageKey),
    }),
  ];
}

/** No transaction is open while the file is read. */
async function readFile({ tenancy, storage, clock }: FileJobDependencies, job: SourceJob): Promise<void> {
  const row = await beginReading(tenancy, job);
  if (row === undefined) return;
  const extraction = await extractStored(storage, clock, row);
  const failure =
    extraction.type === 'unreadable' ? extraction.reason : await index(tenancy, job, extraction);
  if (failure === undefined) return;
  await tenancy.run(job, (tx) => settleContents(tx, job, { status: 'failed', failure }));
}

/** Undefined when the file is deleted, is to be read anew, or has been read already. */
function beginReading(tenancy: Tenancy, job: SourceJob): Promise<SourceRow | undefined> {
  return tenancy.run(job, async (tx) => {
    const source = await lockContents(tx, job);
    if (source === undefined || source.status === 'embedding' || source.status === 'ready') return undefined;
    return setProgress(tx, job.sourceId, { status: 'extracting', failure: null });
  });
}

async function extractStored(storage: Storage, clock: Clock, row: SourceRow): Promise<Extraction> {
  const stored = await storage.read(row.storageKey!);
  if (stored === undefined) return { type: 'unreadable', reason: 'The file is gone. Upload it again.' };
  const bytes = await buffer(stored.stream as Readable);
  // A copy with memory of its own, which can be transferred: small buffers share the memory of a pool.
  return extractFile({ bytes: new Uint8Array(bytes), mediaType: row.mediaType! }, clock);
}

/** Replaces the passages; returns why not, where there is no room for them. */
async function index(
  tenancy: Tenancy,
  job: SourceJob,
  { chunks, pageCount }: Extract<Extraction, { readonly type: 'extracted' }>,
): Promise<string | undefined> {
  try {
    await tenancy.run(job, async (tx) => {
      const source = await lockContents(tx, job);
      if (source === undefined) return;
      await replaceChunks(tx, source, chunks);
      await setProgress(tx, job.sourceId, {
        status: 'embedding',
        failure: null,
        pageCount: pageCount ?? null,
        chunkCount: chunks.length,
        embeddedCount: 0,
      });
      await enqueueEmbedding(tx, source);
    });
    return undefined;
  } catch (error) {
    // There is no room for it, which another attempt does not change.
    if (error instanceof Conflict) return error.message;
    throw error;
  }
}

async function failUnread({ tenancy }: FileJobDependencies, job: SourceJob): Promise<void> {
  await tenancy.run(job, async (tx) => {
    const source = await lockContents(tx, job);
    if (source?.status !== 'queued' && source?.status !== 'extracting') return;
    await setProgress(tx, job.sourceId, { status: 'failed', failure: notRead });
  });
}
