import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTenant, suspendTenant } from '../../src/business/tenancy/tenants/tenants.ts';
import type { StaffActor } from '../../src/business/tenancy/actor/actor.ts';
import type { Tenancy, Tx } from '../../src/business/tenancy/tenancy.ts';
import { openDatabase } from '../../src/platform/data/db.ts';
import { newId, type TenantId } from '../../src/platform/data/ids.ts';
import { migrate } from '../../src/platform/data/migrations.ts';
import { aTicket } from '../business/a-business.ts';
import { testTenancy } from '../support/test-tenancy.ts';

/** A database that is opened by one process at a time; what this one and the command are told of it is the same. */
export interface CommandDatabase extends AsyncDisposable {
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const script = fileURLToPath(new URL('../../src/app/events-command.ts', import.meta.url));

/** The command as a process of its own. */
export function runEventsCommand(
  { dataDir, databaseUrl }: Omit<CommandDatabase, keyof AsyncDisposable>,
  parameters: readonly string[],
): Promise<Ended> {
  const variables = { NODE_ENV: 'test', LOG_LEVEL: 'error', DATA_DIR: dataDir, DATABASE_URL: databaseUrl };
  const env = { ...process.env, ...variables };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...parameters], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

/** On a database that somebody else has written to. */
export function describeEventsCommand(kind: string, open: () => Promise<CommandDatabase>): void {
  describe(`npm run events on the ${kind} database`, () => {
    let place: CommandDatabase;
    let leaky: TenantId;
    let other: TenantId;
    beforeAll(async () => {
      place = await open();
      // On record without a processor, as what happened before a processor was written.
      await inDatabase(async (tenancy) => {
        [leaky, other] = [await businessWithTickets(tenancy, 3), await businessWithTickets(tenancy, 1)];
        await tenancy.system((tx) =>
          suspendTenant(tx, staff, { tenantId: other, reason: 'Invoices unpaid' }, new Date()),
        );
      });
    });
    afterAll(() => place[Symbol.asyncDispose]());

    async function inDatabase<Result>(work: (tenancy: Tenancy) => Promise<Result>): Promise<Result> {
      const logger = { error: (): void => undefined };
      await using database = await openDatabase({ ...place, logger });
      await migrate(database.db);
      return await work(testTenancy(database.db));
    }

    const run = (...parameters: readonly string[]): Promise<Ended> => runEventsCommand(place, parameters);

    const inTenant = <Result>(tenantId: TenantId, work: (tx: Tx) => Promise<Result>): Promise<Result> =>
      inDatabase((tenancy) => tenancy.run({ tenantId }, work));
    const countAlerts = () =>
      inDatabase((tenancy) =>
        Promise.all(
          [leaky, other].map(
            async (tenantId) =>
              (await tenancy.run({ tenantId }, (tx) => tx.selectFrom('alert').select('id').execute())).length,
          ),
        ),
      );

    it('gives a processor what is on record of one business, and lists how far it is', async () => {
      const replayed = await run('replay', 'alerts', '--tenant', leaky);
      expect(replayed).toMatchObject({ code: 0, stderr: '' });
      expect(replayed.stdout).toMatch(/^alerts: 3 handled$/m);
      expect(await countAlerts()).toEqual([3, 0]);
      const listed = await run('list');
      expect(listed).toMatchObject({ code: 0, stderr: '' });
      expect(listed.stdout).toMatch(/^alerts +as-job: handled up to position \d+, last at \d{4}-.*Z$/m);
      expect(listed.stdout).toMatch(/^audit +in-transaction: runs with each event, never behind$/m);
      expect(listed.stdout).toMatch(/^On record up to position \d+, of \d{4}-.*Z\.$/m);
    });

    it('gives it what there is of all from a position on', async () => {
      const [first] = await inTenant(other, (tx) =>
        tx.selectFrom('eventRecord').select('position').orderBy('position').limit(1).execute(),
      );
      expect((await run('replay', 'alerts', '--from', first!.position)).stdout).toMatch(
        /^alerts: 1 handled$/m,
      );
      expect(await countAlerts()).toEqual([3, 1]);
    });

    it('reaches what no transaction of a tenant may write', async () => {
      expect(await run('replay', 'staff-actions')).toMatchObject({ code: 0, stderr: '' });
      const actions = await inDatabase((tenancy) =>
        tenancy.system((tx) => tx.selectFrom('staffAction').select(['action', 'subjectId']).execute()),
      );
      expect(actions).toEqual([{ action: 'tenant.suspended', subjectId: other }]);
    });

    it('knows whether there is such a business', async () => {
      const refused = await run('replay', 'audit', '--tenant', newId('tnt'));
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('There is no business tnt_');
    });

    it('stops at an event that its processor fails at, and says how to go on', async () => {
      const position = await inTenant(other, recordStrayOrder);
      const failed = await run('replay', 'order-history', '--tenant', other);
      expect(failed.code).toBe(1);
      expect(failed.stderr).toContain(`Event ${position} (order.created of ${other}) failed:`);
      expect(failed.stderr).toContain(
        `npm run events -- replay order-history --from ${position} --tenant ${other}`,
      );
    });
  });
}

const staff: StaffActor = {
  type: 'staff',
  staffId: newId('stf'),
  sessionId: newId('sts'),
  tenantId: undefined,
  permissions: new Set(),
};

async function businessWithTickets(tenancy: Tenancy, count: number): Promise<TenantId> {
  const business = {
    slug: newId('slug').slice(-12),
    name: 'Harbour Street',
    timeZone: 'UTC',
    currency: 'USD',
  };
  const { id } = await tenancy.system((tx) => createTenant(tx, business));
  const ticket = { subject: 'The cellar floods', description: '', priority: 'urgent' } as const;
  for (let index = 0; index < count; index += 1) await aTicket(tenancy, id, ticket);
  return id;
}

/** Of an order that is not there, so that its history cannot be written. */
async function recordStrayOrder(tx: Tx): Promise<string> {
  const { rows } = await sql<{ position: string }>`
    insert into event_record (tenant_id, stream, sequence, type, data, at, actor_type, actor_id)
    values (${tx.tenantId}, ${newId('ord')}, 1, 'order.created', '{}', now(), 'system', 'test')
    returning position`.execute(tx);
  return rows[0]!.position;
}
