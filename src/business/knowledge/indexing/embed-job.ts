import { declareJob, type JobDeclaration } from '../../../jobs/jobs.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import { VendorError } from '../../../platform/process/errors.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import type { Embedder } from './embedder.ts';
import { countEmbedded, listUnembedded } from './index-queries.ts';
import { embeddedText, embedSourceJobName } from './index-source.ts';
import { type SourceJob, sourceJobData } from './source-job.ts';
import { lockContents, setProgress, settleContents } from './source-progress.ts';
import { VectorStore } from './vector-store.ts';

export interface EmbedDependencies {
  readonly tenancy: Tenancy;
  readonly clock: Clock;
  /** Without one, sources are found by their words alone. */
  readonly embedder: Embedder | undefined;
}

/** The limit of one request to the vendor; a job may make many. */
const EMBEDDING_TIMEOUT_MS = 30_000;

const notEmbedded = 'It is found by its words, but not yet by its meaning: the vendor has failed us.';

/** Gives the passages of a source their vectors, so that it is found by its meaning. */
export function embedSourceJob(dependencies: EmbedDependencies): JobDeclaration {
  const store = new VectorStore();
  return declareJob({
    name: embedSourceJobName,
    schema: sourceJobData,
    // Each run waits for the vendor most of the time.
    maxAtOnce: 2,
    run: (job) => embedSource(dependencies, store, job),
    onDeadLetter: (job) => failUnembedded(dependencies, job),
  });
}

async function embedSource(
  { tenancy, clock, embedder }: EmbedDependencies,
  store: VectorStore,
  job: SourceJob,
): Promise<void> {
  const begun = await tenancy.run(job, (tx) =>
    settleContents(tx, job, { status: 'embedding', failure: null }),
  );
  if (begun === undefined) return;
  if (embedder !== undefined) {
    try {
      while (await embedBatch({ tenancy, clock, embedder }, store, job));
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      await tenancy.run(job, (tx) => settleContents(tx, job, { status: 'failed', failure: notEmbedded }));
      // The job is tried again with growing pauses. After the last attempt the source stays failed until it is synced.
      throw error;
    }
  }
  await tenancy.run(job, async (tx) => {
    // Not all vectors were made in this run: chunks with the same text as before keep theirs.
    const embeddedCount = embedder === undefined ? 0 : await countEmbedded(tx, job, embedder.model);
    await settleContents(tx, job, { status: 'ready', failure: null, embeddedCount });
  });
}

/** Embeds one batch; false when nothing is left. No transaction is open during the request to the vendor. */
async function embedBatch(
  { tenancy, clock, embedder }: EmbedDependencies & { readonly embedder: Embedder },
  store: VectorStore,
  job: SourceJob,
): Promise<boolean> {
  const { model } = embedder;
  const chunks = await tenancy.run(job, (tx) => listUnembedded(tx, job, { model, limit: embedder.maxTexts }));
  if (chunks.length === 0) return false;
  const vectors = await embedWithin(embedder, clock, chunks.map(embeddedText));
  return tenancy.run(job, async (tx) => {
    const source = await lockContents(tx, job);
    if (source === undefined) return false;
    const positions = chunks.map(({ position }) => position);
    await store.write(tx, job, { model, positions, vectors });
    const embeddedCount = await countEmbedded(tx, job, model);
    await setProgress(tx, job.sourceId, { embeddedCount });
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

async function failUnembedded({ tenancy }: EmbedDependencies, job: SourceJob): Promise<void> {
  await tenancy.run(job, async (tx) => {
    const source = await lockContents(tx, job);
    if (source?.status !== 'embedding') return;
    await setProgress(tx, job.sourceId, { status: 'failed', failure: notEmbedded });
  });
}
