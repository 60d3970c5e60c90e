import { z } from 'zod';
import { discardJob, jobStates, listJobs, replayJob, type StoredJob } from '../../../jobs/jobs.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../../../platform/data/paging.ts';
import { instant } from '../../../platform/http/rest-values.ts';
import { Conflict, NotFound } from '../../../platform/process/errors.ts';
import { type AnyEndpoint, rawEndpoint } from '../../tenancy/access/access.ts';
import type { Tenancy } from '../../tenancy/tenancy.ts';
import { recordStaffAction } from './staff-actions.ts';
import { asStaff } from './staff-actor.ts';

const tag = 'Platform: jobs';
const needs = 'staff';
const params = { id: z.string().max(300) };
const cursorKey = z.tuple([z.string().regex(/^\d{1,19}$/)]);

const time = instant.nullable();
const jobSchema = z
  .object({
    id: z.string(),
    job: z.string(),
    tenantId: z.string().nullable().describe('Null for the server’s own periodic work.'),
    state: z.enum(jobStates),
    attempts: z.int().describe('Begun so far.'),
    failure: z.string().nullable().describe('Why the last attempt failed.'),
    createdAt: instant,
    dueAt: time.describe('Not before then; null means at once.'),
    startedAt: time,
    deadAt: time,
  })
  .meta({
    id: 'StoredJob',
    examples: [
      {
        id: 'embed-knowledge-source-ken_01k9zt5w3pe0wsh7v6n0gq5m8x-2',
        job: 'embed-knowledge-source',
        tenantId: 'tnt_01k9zt5w3pe0wsh7v6n0gq5m8z',
        state: 'dead',
        attempts: 5,
        failure: 'openai: 503 Service Unavailable',
        createdAt: '2026-11-24T15:04:10.000Z',
        dueAt: null,
        startedAt: null,
        deadAt: '2026-11-24T15:05:55.000Z',
      },
    ],
  });

/** Jobs that have not run: waiting ones and dead letters. */
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
      handle: ({ actor, query: { state, limit, cursor }, now }) =>
        asStaff(tenancy, actor, async (tx) => {
          const before = cursor === undefined ? undefined : decodeCursor(cursor, cursorKey)[0];
          const jobs = await listJobs(tx, { state, before, limit: limit + 1 }, now);
          return toPage(jobs, limit, ({ position }) => [position], toJob);
        }),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/jobs/:id/replay',
      needs,
      tag,
      summary: 'Run a job again that failed for good, with all its attempts',
      params,
      answers: { 204: z.null() },
      handle: ({ actor, params: { id }, now }) =>
        asStaff(tenancy, actor, async (tx, staff) => {
          const outcome = await replayJob(tx, id, now);
          if (outcome === 'not-found') throw noSuchJob();
          if (outcome === 'not-dead')
            throw new Conflict('This job has not failed for good.', { code: 'job-not-dead' });
          await recordStaffAction(tx, staff, 'job.replayed', id);
        }),
    }),
    rawEndpoint({
      method: 'DELETE',
      path: '/v1/platform/jobs/:id',
      needs,
      tag,
      summary: 'Give up a job that failed for good, or that waits',
      params,
      answers: { 204: z.null() },
      handle: ({ actor, params: { id } }) =>
        asStaff(tenancy, actor, async (tx, staff) => {
          const outcome = await discardJob(tx, id);
          if (outcome === 'not-found') throw noSuchJob();
          if (outcome === 'running') throw new Conflict('This job is running.', { code: 'job-running' });
          await recordStaffAction(tx, staff, 'job.discarded', id);
        }),
    }),
  ];
}

function toJob({ jobId: id, ...stored }: StoredJob): z.output<typeof jobSchema> {
  return { ...stored, id };
}

function noSuchJob(): NotFound {
  return new NotFound('There is no such job; it may have run.', { code: 'not-found' });
}
