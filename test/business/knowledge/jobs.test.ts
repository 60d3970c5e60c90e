import { randomBytes } from 'node:crypto';
import { pino } from 'pino';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { knowledgeJobs } from '../../../src/business/knowledge/knowledge.ts';
import type { fileSchema } from '../../../src/business/knowledge/sources/file.ts';
import { type JobDeclaration, jobContext } from '../../../src/jobs/job.ts';
import type { JobQueue, QueuedJob } from '../../../src/jobs/queue.ts';
import { startWorker } from '../../../src/jobs/worker.ts';
import { runAcrossTenants } from '../../../src/platform/data/tx.ts';
import { systemClock } from '../../../src/platform/process/clock.ts';
import { Metrics } from '../../../src/platform/process/metrics.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';
import { type MemberCaller, useRestApp } from '../../support/rest-app.ts';
import { runKnowledgeJobs } from './run-jobs.ts';
import { WordEmbedder } from './word-embedder.ts';

const storage = new MemoryStorage();
const embedder = new WordEmbedder();
const logger = pino({ level: 'silent' });
const at = useRestApp({ storage });
let owner: MemberCaller;
beforeAll(async () => {
  owner = await at.app.signUp();
});

const declareJobs = () => knowledgeJobs({ tenancy: at.app.tenancy, storage, embedder, clock: systemClock });

type FileView = z.input<typeof fileSchema>;

async function upload(): Promise<FileView> {
  const form = new FormData();
  form.append('file', new Blob([`Opening hours ${randomBytes(8).toString('hex')}`]), 'hours.txt');
  const request = new Response(form);
  const response = await at.app.inject({
    method: 'POST',
    url: '/v1/knowledge/files',
    headers: { ...owner.headers, 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  });
  return response.json<{ data: { file: FileView }[] }>().data[0]!.file;
}

async function get<Body>(url: string): Promise<Body> {
  return (await at.app.inject({ url, headers: owner.headers })).json<Body>();
}

const fileOf = ({ id }: FileView) => get<FileView>(`/v1/knowledge/files/${id}`);

/** Runs one job of the file once more, as after a crash between its end and the note of it. */
async function runAgain(name: string, file: FileView): Promise<void> {
  const job = declareJobs().find((declared) => declared.name === name)!;
  const data = job.schema.parse({ tenantId: owner.tenantId, sourceId: file.id, contentVersion: 1 });
  await job.run(data, jobContext({ logger }));
}

describe('the jobs of a file', () => {
  it('change nothing when they run again after they have succeeded', async () => {
    const file = await upload();
    await runKnowledgeJobs(at.app.db, { storage, embedder });
    const before = await fileOf(file);
    expect(before.status).toBe('ready');
    const passages = await get(`/v1/knowledge/files/${file.id}/passages`);
    for (const name of ['extract-knowledge-file', 'embed-knowledge-source']) {
      await runAgain(name, file);
      expect({ ...(await fileOf(file)), updatedAt: before.updatedAt }).toEqual(before);
    }
    expect(await get(`/v1/knowledge/files/${file.id}/passages`)).toEqual(passages);
  });

  it('[F27] show the file as failed when reading it has ended its process five times', async () => {
    const file = await upload();
    const { db } = at.app;
    const [row] = await runAcrossTenants(db, (tx) =>
      tx.updateTable('outbox').set({ attempts: 5 }).returning(['job', 'jobId', 'dueAt']).execute(),
    );
    await runThrough(declareJobs(), { name: row!.job, jobId: row!.jobId, dueAt: row!.dueAt });
    expect(await fileOf(file)).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('several'),
    });
    const [dead] = await runAcrossTenants(db, (tx) => tx.selectFrom('outbox').select(['deadAt']).execute());
    expect(dead?.deadAt).toBeInstanceOf(Date);
    await runAcrossTenants(db, (tx) => tx.deleteFrom('outbox').execute());
  });
});

/** Gives one job to a worker. */
async function runThrough(declared: readonly JobDeclaration[], job: QueuedJob): Promise<void> {
  const run = vi.fn<(queued: QueuedJob) => Promise<void>>();
  const queue: JobQueue = {
    add: () => Promise.resolve(),
    work: (work) => {
      run.mockImplementation(work);
      return { [Symbol.asyncDispose]: () => Promise.resolve() };
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  await using worker = startWorker({
    queue,
    db: at.app.db,
    clock: systemClock,
    logger,
    metrics: new Metrics(),
    jobs: declared,
  });
  await run(job);
  await worker[Symbol.asyncDispose]();
}
