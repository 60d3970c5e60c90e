import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { enqueue } from '../../src/jobs/outbox.ts';
import { watchJobs } from '../../src/jobs/watch-jobs.ts';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { runAcrossTenants, runInTenant } from '../../src/platform/data/tx.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { Metrics } from '../../src/platform/process/metrics.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { openTestDatabase } from '../support/test-database.ts';

const tenantId = newId('tnt');
const minuteMs = 60_000;

let database: OpenDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database[Symbol.asyncDispose]());

async function given(jobs: Readonly<Record<string, object>>): Promise<void> {
  await runAcrossTenants(database.db, (tx) => tx.deleteFrom('outbox').execute());
  for (const [jobId, columns] of Object.entries(jobs)) {
    await runInTenant(database.db, tenantId, (tx) => enqueue(tx, { tenantId, job: 'note', data: {}, jobId }));
    await runAcrossTenants(database.db, (tx) =>
      tx.updateTable('outbox').set(columns).where('jobId', '=', jobId).execute(),
    );
  }
}

/** What Prometheus is given, and what the log says at level error. */
function watched(clock: FakeClock) {
  const metrics = new Metrics();
  const lines: string[] = [];
  const logger = pino({ level: 'error' }, { write: (line: string) => void lines.push(line) });
  const watch = watchJobs({ db: database.db, clock, logger, metrics });
  const exported = async () => {
    const text = await metrics.registry.metrics();
    return Object.fromEntries(
      [...text.matchAll(/^(parley_\w+) (\S+)$/gm)].map(([, name, value]) => [name, value]),
    );
  };
  return { watch, lines, exported };
}

describe('the figures of jobs', () => {
  it('say how many wait, since when the oldest is due, and how many are dead', async () => {
    const clock = new FakeClock(new Date('2026-03-02T12:00:00Z'));
    const at = (minutes: number): Date => new Date(clock.date().getTime() + minutes * minuteMs);
    await given({
      due: { dueAt: at(-5) },
      'due-later': { dueAt: at(-2) },
      'not-due': { dueAt: at(10) },
      running: { dueAt: at(-30), startedAt: at(-1), attempts: 1 },
      dead: { dueAt: at(-60), deadAt: at(-50), attempts: 5, failure: 'always' },
    });
    const { watch, exported } = watched(clock);
    await using _ = watch;
    const figures = {
      parley_jobs_waiting: '2',
      parley_jobs_oldest_waiting_seconds: '300',
      parley_jobs_dead_letters: '1',
    };
    await vi.waitFor(async () => expect(await exported()).toEqual(figures), 5_000);
  });

  it('are in the log once an hour while dead letters wait for a person', async () => {
    const clock = new FakeClock(new Date('2026-03-02T12:00:00Z'));
    await given({ dead: { deadAt: clock.date(), attempts: 5, failure: 'always' } });
    const { watch, lines } = watched(clock);
    await using _ = watch;
    await vi.waitFor(() => expect(lines).toHaveLength(1), 5_000);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      deadLetters: 1,
      msg: 'dead letters wait for a person; see npm run jobs -- list',
    });
    clock.advance(30 * minuteMs);
    expect(lines).toHaveLength(1);
    await vi.waitFor(() => {
      clock.advance(minuteMs);
      expect(lines).toHaveLength(2);
    }, 10_000);
  });
});
