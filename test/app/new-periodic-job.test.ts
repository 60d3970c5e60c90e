import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { loadConfig } from '../../src/app/config.ts';
import { runJobs } from '../../src/app/jobs.ts';
import { allProcessors } from '../../src/app/processors.ts';
import { type PeriodicJob, schedule } from '../../src/app/schedule.ts';
import { changeTicket, listTickets } from '../../src/business/desk/tickets/tickets.ts';
import { systemActor } from '../../src/business/tenancy/actor/actor.ts';
import type { Tenancy } from '../../src/business/tenancy/tenancy.ts';
import { listBusinesses } from '../../src/business/tenancy/tenants/tenants.ts';
import { declareJob } from '../../src/jobs/job.ts';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { systemClock } from '../../src/platform/process/clock.ts';
import { Metrics } from '../../src/platform/process/metrics.ts';
import { asAgent, aTenant, aTicket } from '../business/a-business.ts';
import { MemoryNumberCarrier, testWebhooks } from '../support/memory-number-carrier.ts';
import { MemoryStorage } from '../support/memory-storage.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { testTenancy } from '../support/test-tenancy.ts';

/** What a file `src/business/desk/tickets/close-resolved.ts` would export, … */
function closeResolvedTicketsJob({ tenancy, ticks }: { tenancy: Tenancy; ticks: string[] }) {
  return declareJob({
    name: 'close-resolved-tickets',
    schema: z.object({ scheduledFor: z.iso.datetime() }),
    async run({ scheduledFor }, { signal }) {
      ticks.push(scheduledFor);
      for (const { id: tenantId } of await tenancy.system(listBusinesses)) {
        if (signal.aborted) return;
        const actor = systemActor(tenantId, 'close-resolved-tickets');
        await tenancy.run(actor, async (tx) => {
          const { data } = await listTickets(tx, { status: ['resolved'], limit: 100 });
          for (const { id } of data) await changeTicket(tx, actor, id, { changes: { status: 'closed' } });
        });
      }
    },
  });
}

const everyMs = 500;
const clock = systemClock;
const logger = pino({ level: 'silent' });

let database: OpenDatabase;
let tenancy: Tenancy;
beforeAll(async () => {
  database = await openTestDatabase('embedded');
  tenancy = testTenancy(database.db, allProcessors());
});
afterAll(() => database[Symbol.asyncDispose]());

/** What a process with the role `worker` runs, with one more line on its schedule. */
function working(line: PeriodicJob): Promise<AsyncDisposable> {
  const base = { config: loadConfig({ NODE_ENV: 'test' }), clock, logger, metrics: new Metrics() };
  const records = { database, tenancy, storage: new MemoryStorage() };
  const carrier = { numbers: new MemoryNumberCarrier(), webhooks: testWebhooks };
  // … and the line that it would have in `src/app/schedule.ts`.
  const periodic = [...schedule({ clock, records, carrier }), line];
  return runJobs(base, records, { jobs: [], periodic });
}

describe('a periodic job added as one value on the schedule', () => {
  it('is run at its ticks, and does its work once', async () => {
    const tenantId = await aTenant(database.db);
    const leak = { subject: 'The cellar floods', description: '' };
    const [resolved, open] = [await aTicket(tenancy, tenantId, leak), await aTicket(tenancy, tenantId, leak)];
    await asAgent(tenancy, tenantId, (tx, agent) =>
      changeTicket(tx, agent, resolved.id, { changes: { status: 'resolved' } }),
    );
    const ticks: string[] = [];
    await using _ = await working({ job: closeResolvedTicketsJob({ tenancy, ticks }), everyMs });
    await vi.waitFor(() => expect(ticks.length).toBeGreaterThanOrEqual(3), 20_000);
    expect(ticks.map((tick) => Date.parse(tick) % everyMs)).toEqual(ticks.map(() => 0));
    expect(new Set(ticks).size).toBe(ticks.length);

    const listed = await tenancy.run({ tenantId }, (tx) => listTickets(tx, { limit: 10 }));
    expect(new Map(listed.data.map(({ id, status }) => [id, status]))).toEqual(
      new Map([
        [open.id, 'open'],
        [resolved.id, 'closed'],
      ]),
    );
    const closed = await tenancy.run({ tenantId }, (tx) =>
      tx.selectFrom('eventRecord').select('actorId').where('actorType', '=', 'system').execute(),
    );
    expect(closed).toEqual([{ actorId: 'close-resolved-tickets' }]);
  });

  it('stands beside the others in the table that nodes agree by', async () => {
    const lines = await tenancy.system((tx) =>
      tx.selectFrom('jobSchedule').select(['name', 'rule']).orderBy('name').execute(),
    );
    expect(lines).toContainEqual({ name: 'close-resolved-tickets', rule: 'every 500 ms' });
    expect(lines).toContainEqual({ name: 'settle-numbers', rule: 'every 20000 ms' });
  });

  it('is refused at the start of the server when its time never comes', async () => {
    const job = closeResolvedTicketsJob({ tenancy, ticks: [] });
    const never = { job, cron: '0 0 31 2 *', timeZone: 'Europe/Berlin' };
    await expect(working(never)).rejects.toThrow('The schedule "close-resolved-tickets" never comes');
  });
});
