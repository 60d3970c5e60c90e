import type { Logger } from 'pino';
import type { Db } from '../platform/data/db.ts';
import { runAcrossTenants, type SystemTx } from '../platform/data/tx.ts';
import { throttle } from '../platform/process/throttle.ts';
import type { Clock } from '../platform/process/clock.ts';
import { every } from '../platform/process/every.ts';
import type { JobDeclaration } from './job.ts';
import { enqueuePeriodic } from './outbox.ts';
import { lastTick, nextTick, ruleOf, type ScheduleLine } from './schedule.ts';

export interface SchedulerDependencies {
  readonly db: Db;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly lines: readonly ScheduleLine[];
  readonly jobs: readonly JobDeclaration[];
}

/** Maximum pause, after which a changed clock or a line added by another node is noticed. */
const lookAtLeastEveryMs = 60_000;
const whileAnotherNodeTicksMs = 1_000;

/**
 * Enqueues the jobs of the schedule as they fall due. The next time of each is a row in the database, which is locked
 * by the node that enqueues it, so any number of nodes may run a scheduler. After downtime one run makes up for all
 * missed ticks.
 */
export function startScheduler(dependencies: SchedulerDependencies): AsyncDisposable {
  const { db, clock, logger, lines } = dependencies;
  refuseWrongLines(dependencies);
  let areLinesStored = false;
  const repetition = every({
    clock,
    intervalMs: whileAnotherNodeTicksMs,
    run: () =>
      runAcrossTenants(db, async (tx) => {
        const now = clock.date();
        if (!areLinesStored) for (const line of lines) await storeLine(tx, line, now);
        for (const line of await lockDue(tx, lines, now)) await tick(tx, line, now);
        return (await nextDue(tx, lines)) ?? now;
      }).then((next) => {
        areLinesStored = true;
        const waitMs = next.getTime() - clock.date().getTime();
        return waitMs > 0 ? Math.min(waitMs, lookAtLeastEveryMs) : whileAnotherNodeTicksMs;
      }),
    onError: throttle(60_000, clock, (error: unknown) =>
      logger.warn({ err: error }, 'job scheduler failed; will retry'),
    ),
  });
  void repetition.runNow();
  return repetition;
}

/** A wrong line fails the start of the server, and not only the run it is for. */
function refuseWrongLines({ lines, jobs, clock }: SchedulerDependencies): void {
  const names = new Set<string>();
  for (const line of lines) {
    if (names.has(line.name)) throw new Error(`Two lines of the schedule have the name "${line.name}".`);
    names.add(line.name);
    if (!jobs.some(({ name }) => name === line.job)) {
      throw new Error(`The schedule "${line.name}" names a job that is not declared: "${line.job}".`);
    }
    nextTick(line, clock.date());
  }
}

/** A new line, or one whose rule has changed, gets its next time; any other keeps its own. */
async function storeLine(tx: SystemTx, line: ScheduleLine, now: Date): Promise<void> {
  const rule = ruleOf(line);
  const nextAt = nextTick(line, now);
  await tx
    .insertInto('jobSchedule')
    .values({ name: line.name, rule, nextAt })
    .onConflict((conflict) =>
      conflict.column('name').doUpdateSet({ rule, nextAt }).where('jobSchedule.rule', '<>', rule),
    )
    .execute();
}

interface DueLine {
  readonly line: ScheduleLine;
  readonly dueAt: Date;
}

async function lockDue(tx: SystemTx, lines: readonly ScheduleLine[], now: Date): Promise<DueLine[]> {
  const rows = await tx
    .selectFrom('jobSchedule')
    .select(['name', 'rule', 'nextAt'])
    .where('name', 'in', namesOf(lines))
    .where('nextAt', '<=', now)
    .forUpdate()
    .skipLocked()
    .execute();
  return rows.flatMap(({ name, rule, nextAt }) => {
    const line = lines.find((mine) => mine.name === name)!;
    // During a deploy a line may have changed; it is left to nodes with the new rule.
    return rule === ruleOf(line) ? { line, dueAt: nextAt } : [];
  });
}

async function tick(tx: SystemTx, { line, dueAt }: DueLine, now: Date): Promise<void> {
  const scheduledFor = lastTick(line, now, dueAt).toISOString();
  const jobId = `schedule-${line.name}`;
  await enqueuePeriodic(tx, { job: line.job, data: { scheduledFor }, jobId, dueAt: now });
  await tx
    .updateTable('jobSchedule')
    .set({ nextAt: nextTick(line, now) })
    .where('name', '=', line.name)
    .execute();
}

async function nextDue(tx: SystemTx, lines: readonly ScheduleLine[]): Promise<Date | undefined> {
  const { nextAt } = await tx
    .selectFrom('jobSchedule')
    .select((row) => row.fn.min('nextAt').as('nextAt'))
    .where('name', 'in', namesOf(lines))
    .executeTakeFirstOrThrow();
  return nextAt ?? undefined;
}

function namesOf(lines: readonly ScheduleLine[]): readonly string[] {
  return lines.map(({ name }) => name);
}
