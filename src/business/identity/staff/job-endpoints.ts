import { z } from 'zod';
import { discardJob, jobStates, listJobs, replayJob, type StoredJob } from '../../../jobs/stored-jobs.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../../../platform/data/paging.ts';
import { Conflict, NotFound } from '../../../platform/process/errors.ts';
import { type AnyEndpoint, rawEndpoint } from '../../tenancy/access/endpoint.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import { recordAction } from './accounts.ts';
import { asOneself } from './as-oneself.ts';

const tag = 'Platform: jobs';
const needs = 'staff';
const params = { id: z.string().max(300) };
const cursorKey = z.tuple([z.string().regex(/^\d{1,19}$/)]);

const time = z.string().nullable();
const jobSchema = z.object({
  id: z.string(),
  job: z.string(),
  tenantId: z.string().nullable().describe('Null for the server’s own periodic work.'),
  state: z.enum(jobStates),
  attempts: z.int().describe('Begun so far.'),
  failure: z.string().nullable().describe('Why the last attempt failed.'),
  createdAt: z.string(),
  dueAt: time.describe('Not before then; null means at once.'),
  startedAt: time,
  deadAt: time,
});

/** Work for later that has not run: what waits, and what failed for good. */
export function jobEndpoints({ tenancy }: { readonly tenancy: Tenancy }): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/platform/jobs',
      needs,
      tag,
      summary: 'List the jobs that have not run, newest first',
      query: z.object({ ...pageQuery.shape, state: z.enum(jobStates).optional() }),
      answers: { 200: pageOf(jobSchema) },
      async handle({ request, query, now }) {
        asOneself(request);
        const { state, limit, cursor } = query;
        const before = cursor === undefined ? undefined : decodeCursor(cursor, cursorKey)[0];
        const jobs = await tenancy.system((tx) => listJobs(tx, { state, before, limit: limit + 1 }, now));
        return toPage(jobs, limit, ({ position }) => [position], presentJob);
      },
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/jobs/:id/replay',
      needs,
      tag,
      summary: 'Run a job again that failed for good, with all its attempts',
      params,
      answers: { 204: z.null() },
      async handle({ request, params: { id }, now }) {
        const staff = asOneself(request);
        await tenancy.system(async (tx) => {
          const outcome = await replayJob(tx, id, now);
          if (outcome === 'not-found') throw noSuchJob();
          if (outcome === 'not-dead')
            throw new Conflict('This job has not failed for good.', { code: 'job-not-dead' });
          await recordAction(tx, staff, 'job.replayed', id);
        });
        return null;
      },
    }),
    rawEndpoint({
      method: 'DELETE',
      path: '/v1/platform/jobs/:id',
      needs,
      tag,
      summary: 'Give up a job that failed for good, or that waits',
      params,
      answers: { 204: z.null() },
      async handle({ request, params: { id } }) {
        const staff = asOneself(request);
        await tenancy.system(async (tx) => {
          const outcome = await discardJob(tx, id);
          if (outcome === 'not-found') throw noSuchJob();
          if (outcome === 'running') throw new Conflict('This job is running.', { code: 'job-running' });
          await recordAction(tx, staff, 'job.discarded', id);
        });
        return null;
      },
    }),
  ];
}

function presentJob(stored: StoredJob): z.output<typeof jobSchema> {
  const { jobId, job, tenantId, state, attempts, failure } = stored;
  return {
    id: jobId,
    job,
    tenantId,
    state,
    attempts,
    failure,
    createdAt: stored.createdAt.toISOString(),
    dueAt: stored.dueAt?.toISOString() ?? null,
    startedAt: stored.startedAt?.toISOString() ?? null,
    deadAt: stored.deadAt?.toISOString() ?? null,
  };
}

function noSuchJob(): NotFound {
  return new NotFound('There is no such job; it may have run.', { code: 'not-found' });
}
