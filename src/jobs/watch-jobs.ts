import type { Logger } from 'pino';
import { sql } from 'kysely';
import type { Db } from '../platform/data/db.ts';
import { runAcrossTenants } from '../platform/data/tx.ts';
import { throttle } from '../platform/process/throttle.ts';
import type { Clock } from '../platform/process/clock.ts';
import { every } from '../platform/process/every.ts';
import type { Metrics } from '../platform/process/metrics.ts';

export interface WatchDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface JobFigures {
  /** Number of jobs that are due and not started. */
  readonly waiting: number;
  /** How long the oldest of those has been due; 0 if there are none. */
  readonly oldestWaitingSeconds: number;
  readonly deadLetters: number;
}

const lookEveryMs = 15_000;
const remindEveryMs = 3_600_000;

/**
 * Exports gauges of the outbox to Prometheus; a scrape reads the last measurement and does not query the database. Dead
 * letters are logged again every hour until they are replayed or discarded.
 */
export function watchJobs({ db, clock, logger, metrics }: WatchDependencies): AsyncDisposable {
  let figures: JobFigures = { waiting: 0, oldestWaitingSeconds: 0, deadLetters: 0 };
  metrics.exportGauge({
    name: 'parley_jobs_waiting',
    help: 'Jobs that are due and have not begun.',
    read: () => figures.waiting,
  });
  metrics.exportGauge({
    name: 'parley_jobs_oldest_waiting_seconds',
    help: 'How long the oldest of the waiting jobs has been due.',
    read: () => figures.oldestWaitingSeconds,
  });
  metrics.exportGauge({
    name: 'parley_jobs_dead_letters',
    help: 'Jobs that have failed for good and wait for a person.',
    read: () => figures.deadLetters,
  });
  const remind = throttle(remindEveryMs, clock, (deadLetters: number) =>
    logger.error({ deadLetters }, 'dead letters wait for a person; see npm run jobs -- list'),
  );
  const repetition = every({
    clock,
    intervalMs: lookEveryMs,
    run: async () => {
      figures = await runAcrossTenants(db, (tx) => readJobFigures(tx, clock.date()));
      if (figures.deadLetters > 0) remind(figures.deadLetters);
    },
    onError: throttle(60_000, clock, (error: unknown) =>
      logger.warn({ err: error }, 'outbox metrics query failed; will retry'),
    ),
  });
  void repetition.runNow();
  return repetition;
}

/** Across tenants. */
export async function readJobFigures(tx: Db, now: Date): Promise<JobFigures> {
  const { rows } = await sql<JobFigures>`
    select count(*) filter (where is_waiting)::int as waiting,
      greatest(0, extract(epoch from ${now}::timestamptz - min(since) filter (where is_waiting)))::float8
        as oldest_waiting_seconds,
      count(*) filter (where dead_at is not null)::int as dead_letters
    from (
      select dead_at, coalesce(due_at, created_at) as since,
        dead_at is null and started_at is null and (due_at is null or due_at <= ${now}) as is_waiting
      from outbox
    ) as job`.execute(tx);
  return rows[0]!;
}
