import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { enqueue } from '../../src/jobs/outbox.ts';
import {
  discardJob,
  type JobState,
  jobStates,
  listJobs,
  replayDeadJobs,
  replayJob,
} from '../../src/jobs/stored-jobs.ts';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { runAcrossTenants, runInTenant, type SystemTx } from '../../src/platform/data/tx.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { openTestDatabase } from '../support/test-database.ts';

const tenantId = newId('tnt');
const now = new Date('2026-03-02T12:00:00Z');
const earlier = new Date('2026-03-02T11:00:00Z');
const later = new Date('2026-03-02T13:00:00Z');

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

const system = <Result>(work: (tx: SystemTx) => Promise<Result>): Promise<Result> =>
  runAcrossTenants(database.db, work);

beforeEach(async () => {
  await system((tx) => tx.deleteFrom('outbox').execute());
  const state: Record<string, object> = {
    waiting: {},
    due: { dueAt: earlier },
    running: { startedAt: earlier, attempts: 1 },
    delayed: { dueAt: later },
    dead: { dueAt: earlier, deadAt: earlier, attempts: 5, failure: 'always' },
  };
  for (const [jobId, set] of Object.entries(state)) {
    await runInTenant(database.db, tenantId, (tx) => enqueue(tx, { tenantId, job: 'note', data: {}, jobId }));
    if (Object.keys(set).length > 0) {
      await system((tx) => tx.updateTable('outbox').set(set).where('jobId', '=', jobId).execute());
    }
  }
});

const idsIn = async (state?: JobState): Promise<string[]> =>
  (await system((tx) => listJobs(tx, { state, limit: 10 }, now))).map(({ jobId }) => jobId);

describe('jobs that have not run', () => {
  it('are listed by state, newest first, in pages', async () => {
    expect(await idsIn()).toEqual(['dead', 'delayed', 'running', 'due', 'waiting']);
    expect(await Promise.all(jobStates.map((state) => idsIn(state)))).toEqual([
      ['due', 'waiting'],
      ['running'],
      ['delayed'],
      ['dead'],
    ]);
    const [first] = await system((tx) => listJobs(tx, { limit: 1 }, now));
    expect(first).toMatchObject({ jobId: 'dead', state: 'dead', attempts: 5, failure: 'always', tenantId });
    const rest = await system((tx) => listJobs(tx, { before: first!.position, limit: 10 }, now));
    expect(rest).toHaveLength(4);
  });

  it('have all their attempts again when they are replayed, and only when they are dead', async () => {
    const outcomes = ['waiting', 'running', 'absent', 'dead', 'dead'];
    const told: string[] = [];
    for (const jobId of outcomes) told.push(await system((tx) => replayJob(tx, jobId, now)));
    expect(told).toEqual(['not-dead', 'not-dead', 'not-found', 'replayed', 'not-dead']);
    const [job] = await system((tx) => listJobs(tx, { limit: 1 }, now));
    expect(job).toMatchObject({ state: 'waiting', attempts: 0, failure: null, dueAt: now });
    expect(await system((tx) => replayDeadJobs(tx, now))).toBe(0);
  });

  it('are discarded unless they run', async () => {
    const told: string[] = [];
    for (const jobId of ['running', 'delayed', 'dead', 'dead']) {
      told.push(await system((tx) => discardJob(tx, jobId)));
    }
    expect(told).toEqual(['running', 'discarded', 'discarded', 'not-found']);
    expect(await idsIn()).toEqual(['running', 'due', 'waiting']);
  });
});
