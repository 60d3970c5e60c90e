import { parseArgs } from 'node:util';
import { discardJob, type JobState, jobStates, listJobs, replayDeadJobs, replayJob } from '../jobs/jobs.ts';
import { openDatabase } from '../platform/data/db.ts';
import { runAcrossTenants, type SystemTx } from '../platform/data/tx.ts';
import { migrate } from '../platform/data/migrations.ts';
import { createLogger } from '../platform/process/logger.ts';
import { loadConfig } from './config.ts';

/**
 * Lists the jobs that have not run, and replays or discards dead letters. It cannot run beside a server on the embedded
 * database, which allows one process at a time; staff can do the same under `/v1/platform/jobs`.
 */
const usage = `Usage: npm run jobs -- list [${jobStates.join('|')}]
       npm run jobs -- replay JOB-ID
       npm run jobs -- replay --all
       npm run jobs -- discard JOB-ID`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
});
const command = commandOf(positionals, values);
if (command === undefined) {
  console.error(usage);
  process.exit(2);
}
const config = loadConfig(process.env);
await using database = await openDatabase({ ...config, logger: createLogger(config) });
await migrate(database.db);
await runAcrossTenants(database.db, (tx) => command(tx, new Date()));

type Command = (tx: SystemTx, now: Date) => Promise<void>;

function commandOf(
  [name, argument]: readonly string[],
  { all }: { readonly all: boolean },
): Command | undefined {
  if (name === 'list') {
    const state = jobStates.find((known) => known === (argument ?? 'dead'));
    return state && ((tx, now) => list(tx, state, now));
  }
  if (name === 'replay' && all) {
    return async (tx, now) => console.log(`${await replayDeadJobs(tx, now)} replayed`);
  }
  if (argument === undefined) return undefined;
  if (name === 'replay') return async (tx, now) => printOutcome(argument, await replayJob(tx, argument, now));
  if (name === 'discard') return async (tx) => printOutcome(argument, await discardJob(tx, argument));
  return undefined;
}

async function list(tx: SystemTx, state: JobState, now: Date): Promise<void> {
  const jobs = await listJobs(tx, { state, limit: 100 }, now);
  for (const { jobId, tenantId, attempts, createdAt, dueAt, failure } of jobs) {
    const since = `enqueued ${createdAt.toISOString()}${dueAt === null ? '' : `, due ${dueAt.toISOString()}`}`;
    console.log(`${jobId}  ${tenantId ?? 'server'}  attempts ${attempts}  ${since}  ${failure ?? ''}`);
  }
  console.log(`${jobs.length}${jobs.length === 100 ? ' or more' : ''} ${state}`);
}

function printOutcome(jobId: string, outcome: string): void {
  console.log(`${jobId}: ${outcome}`);
  if (outcome !== 'replayed' && outcome !== 'discarded') process.exitCode = 1;
}
