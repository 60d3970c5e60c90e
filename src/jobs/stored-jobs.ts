import type { SystemTx } from '../platform/data/tx.ts';
import type { ExpressionBuilder } from 'kysely';
import type { TenantId } from '../platform/data/ids.ts';
import type { Tables } from '../platform/data/tables.ts';
import { notifyRelays } from './outbox.ts';

/** `waiting` is due and not started; `delayed` is not due yet, or between two attempts; `dead` is a dead letter. */
export const jobStates = ['waiting', 'running', 'delayed', 'dead'] as const;
export type JobState = (typeof jobStates)[number];

/** A job that has not run, or is a dead letter. Its data is left out, because it may be personal. */
export interface StoredJob {
  /** Ascending in the order of enqueueing. */
  readonly position: string;
  readonly jobId: string;
  readonly job: string;
  readonly tenantId: TenantId | null;
  readonly state: JobState;
  readonly attempts: number;
  readonly failure: string | null;
  readonly createdAt: Date;
  readonly dueAt: Date | null;
  readonly startedAt: Date | null;
  readonly deadAt: Date | null;
}

export interface StoredJobFilter {
  readonly state?: JobState | undefined;
  /** Only jobs with an earlier position. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Across tenants, newest first. */
export async function listJobs(tx: SystemTx, filter: StoredJobFilter, now: Date): Promise<StoredJob[]> {
  const { state, before, limit } = filter;
  let query = tx.selectFrom('outbox').select(columns).orderBy('id', 'desc').limit(limit);
  if (state !== undefined) query = query.where((row) => inState(row, state, now));
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query.execute();
  return rows.map(({ id, ...row }) => ({ position: id, state: stateOf(row, now), ...row }));
}

/** `not-dead`: the job has attempts left, or is running. */
export type ReplayOutcome = 'replayed' | 'not-dead' | 'not-found';

/** Replays a dead letter, with its attempts reset. */
export async function replayJob(tx: SystemTx, jobId: string, now: Date): Promise<ReplayOutcome> {
  const replayed = await tx
    .updateTable('outbox')
    .set(asNew(now))
    .where('jobId', '=', jobId)
    .where('deadAt', 'is not', null)
    .returning('id')
    .executeTakeFirst();
  if (replayed === undefined) return (await exists(tx, jobId)) ? 'not-dead' : 'not-found';
  await notifyRelays(tx);
  return 'replayed';
}

/** Replays every dead letter; returns how many there were. */
export async function replayDeadJobs(tx: SystemTx, now: Date): Promise<number> {
  const replayed = await tx
    .updateTable('outbox')
    .set(asNew(now))
    .where('deadAt', 'is not', null)
    .returning('id')
    .execute();
  await notifyRelays(tx);
  return replayed.length;
}

export type DiscardOutcome = 'discarded' | 'running' | 'not-found';

/** Discards a job that is not running. */
export async function discardJob(tx: SystemTx, jobId: string): Promise<DiscardOutcome> {
  const discarded = await tx
    .deleteFrom('outbox')
    .where('jobId', '=', jobId)
    .where('startedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  if (discarded !== undefined) return 'discarded';
  return (await exists(tx, jobId)) ? 'running' : 'not-found';
}

const columns = [
  'id',
  'jobId',
  'job',
  'tenantId',
  'attempts',
  'failure',
  'createdAt',
  'dueAt',
  'startedAt',
  'deadAt',
] as const;

function asNew(now: Date) {
  return { dueAt: now, handedAt: null, startedAt: null, attempts: 0, deadAt: null, failure: null };
}

async function exists(tx: SystemTx, jobId: string): Promise<boolean> {
  const found = await tx.selectFrom('outbox').select('id').where('jobId', '=', jobId).executeTakeFirst();
  return found !== undefined;
}

function inState(row: ExpressionBuilder<Tables, 'outbox'>, state: JobState, now: Date) {
  if (state === 'dead') return row('deadAt', 'is not', null);
  const alive = row('deadAt', 'is', null);
  if (state === 'running') return row.and([alive, row('startedAt', 'is not', null)]);
  const still = row.and([alive, row('startedAt', 'is', null)]);
  if (state === 'delayed') return row.and([still, row('dueAt', '>', now)]);
  return row.and([still, row.or([row('dueAt', 'is', null), row('dueAt', '<=', now)])]);
}

function stateOf(row: Pick<StoredJob, 'deadAt' | 'startedAt' | 'dueAt'>, now: Date): JobState {
  if (row.deadAt !== null) return 'dead';
  if (row.startedAt !== null) return 'running';
  return row.dueAt !== null && row.dueAt > now ? 'delayed' : 'waiting';
}
