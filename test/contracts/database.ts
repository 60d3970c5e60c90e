import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { runAcrossTenants, runInTenant } from '../../src/platform/data/tx.ts';
import { newId, type TenantId } from '../../src/platform/data/ids.ts';
import { migrate } from '../../src/platform/data/migrations.ts';
import { openTestDatabase } from '../support/test-database.ts';

const anEvent = (tenantId: TenantId, stream: string) => ({
  tenantId,
  stream,
  sequence: 1,
  type: 'happened',
  data: JSON.stringify({ snake_case: { camelCase: [1, 'two'] } }),
  at: new Date('2026-03-01T10:00:00.123Z'),
});

/** What the server relies on, whichever PostgreSQL is underneath. */
export function describeDatabase(kind: OpenDatabase['kind']): void {
  describe(`the ${kind} database`, () => {
    let database: OpenDatabase;
    beforeAll(async () => {
      database = await openTestDatabase(kind);
    });
    afterAll(() => database[Symbol.asyncDispose]());

    it('shows a tenant its own rows and no others', async () => {
      const { db } = database;
      const [tenant, other] = [newId('tnt'), newId('tnt')];
      await runInTenant(db, tenant, (trx) =>
        trx.insertInto('eventRecord').values(anEvent(tenant, 'a')).execute(),
      );
      const rows = (asTenant: TenantId) =>
        runInTenant(db, asTenant, (trx) => trx.selectFrom('eventRecord').select('stream').execute());
      expect(await rows(tenant)).toEqual([{ stream: 'a' }]);
      expect(await rows(other)).toEqual([]);
    });

    it('shows no rows to the application when no tenant is set, before and after one was', async () => {
      const { db } = database;
      const tenant = newId('tnt');
      await runInTenant(db, tenant, (trx) =>
        trx.insertInto('eventRecord').values(anEvent(tenant, 'b')).execute(),
      );
      const rows = await db.transaction().execute(async (trx) => {
        await sql`select set_config('role', 'parley_app', true)`.execute(trx);
        return trx.selectFrom('eventRecord').selectAll().execute();
      });
      expect(rows).toEqual([]);
    });

    it("refuses a row in another tenant's name", async () => {
      const [tenant, other] = [newId('tnt'), newId('tnt')];
      const written = runInTenant(database.db, tenant, (trx) =>
        trx.insertInto('eventRecord').values(anEvent(other, 'c')).execute(),
      );
      await expect(written).rejects.toMatchObject({ code: '42501' });
    });

    it('refuses to change or remove what is on record', async () => {
      const { db } = database;
      const tenant = newId('tnt');
      await runInTenant(db, tenant, (trx) =>
        trx.insertInto('eventRecord').values(anEvent(tenant, 'd')).execute(),
      );
      const changed = runInTenant(db, tenant, (trx) =>
        trx.updateTable('eventRecord').set({ type: 'x' }).execute(),
      );
      await expect(changed).rejects.toMatchObject({ code: '42501' });
      const removed = runInTenant(db, tenant, (trx) => trx.deleteFrom('eventRecord').execute());
      await expect(removed).rejects.toMatchObject({ code: '42501' });
    });

    it('gives work across tenants only the tables opened to it', async () => {
      const { db } = database;
      const tenant = newId('tnt');
      await runInTenant(db, tenant, (trx) =>
        trx.insertInto('eventRecord').values(anEvent(tenant, 'e')).execute(),
      );
      const rows = await runAcrossTenants(db, (trx) =>
        trx.selectFrom('eventRecord').select('stream').where('tenantId', '=', tenant).execute(),
      );
      expect(rows).toEqual([{ stream: 'e' }]);
      const ticket = runAcrossTenants(db, (trx) => trx.selectFrom('ticket').select('id').execute());
      await expect(ticket).rejects.toMatchObject({ code: '42501' });
    });

    it('holds every table with a tenant behind the wall, forced', async () => {
      const open = await sql<{ relname: string }>`
        select distinct c.relname from pg_class c
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
        where c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)`.execute(database.db);
      expect(open.rows).toEqual([]);
    });

    it('gives back the application role when the transaction ends, committed or not', async () => {
      const { db } = database;
      const before = await sql<{ role: string }>`select current_user as role`.execute(db);
      await runInTenant(db, newId('tnt'), () => Promise.resolve());
      await runInTenant(db, newId('tnt'), () => Promise.reject(new Error('no'))).catch(() => undefined);
      const after = await sql<{ role: string }>`select current_user as role`.execute(db);
      expect(after.rows).toEqual(before.rows);
    });

    it('rolls a failed unit of work back whole', async () => {
      const { db } = database;
      const tenant = newId('tnt');
      const work = runInTenant(db, tenant, async (trx) => {
        await trx.insertInto('eventRecord').values(anEvent(tenant, 'f')).execute();
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
      const rows = await runInTenant(db, tenant, (trx) =>
        trx.selectFrom('eventRecord').selectAll().execute(),
      );
      expect(rows).toEqual([]);
    });

    it('leaves the names inside a json value alone', async () => {
      const tenant = newId('tnt');
      const row = await runInTenant(database.db, tenant, (trx) =>
        trx
          .insertInto('eventRecord')
          .values(anEvent(tenant, 'g'))
          .returning(['data', 'at'])
          .executeTakeFirst(),
      );
      expect(row).toEqual({
        data: { snake_case: { camelCase: [1, 'two'] } },
        at: new Date('2026-03-01T10:00:00.123Z'),
      });
    });

    it('takes and gives every kind of value as pg does', async () => {
      const result = await sql`select 9007199254740993::int8 as big, 1.50::numeric as exact, 7::int4 as small,
        1.5::float8 as float, true as yes, null::text as nothing, 'ü'::text as text, array[1,2] as numbers,
        array['a','b,"c'] as texts, '\\x00ff'::bytea as bytes, '{"a":[1]}'::jsonb as json,
        '2026-03-01T10:00:00Z'::timestamptz as at,
        ${['x', 'y,"z', null]}::text[] as given_texts, ${Buffer.from([0, 255])}::bytea as given_bytes,
        ${{ q: 1 }}::jsonb as given_json, ${new Date(5)}::timestamptz as given_at, ${false}::bool as given_no,
        ${12}::int4 as given_number, ${'1.25'}::numeric as given_exact`.execute(database.db);
      expect(result.rows).toEqual([
        {
          big: '9007199254740993',
          exact: '1.50',
          small: 7,
          float: 1.5,
          yes: true,
          nothing: null,
          text: 'ü',
          numbers: [1, 2],
          texts: ['a', 'b,"c'],
          bytes: Buffer.from([0, 255]),
          json: { a: [1] },
          at: new Date('2026-03-01T10:00:00Z'),
          givenTexts: ['x', 'y,"z', null],
          givenBytes: Buffer.from([0, 255]),
          givenJson: { q: 1 },
          givenAt: new Date(5),
          givenNo: false,
          givenNumber: 12,
          givenExact: '1.25',
        },
      ]);
    });

    it('says what broke in the words of pg', async () => {
      const broken = sql`select * from nowhere`.execute(database.db);
      await expect(broken).rejects.toMatchObject({
        code: '42P01',
        message: expect.stringContaining('nowhere'),
      });
    });

    it('keeps transactions that run at the same time apart', async () => {
      const { db } = database;
      const work = Array.from({ length: 12 }, async (_, index) => {
        const tenant = newId('tnt');
        const rows = runInTenant(db, tenant, async (trx) => {
          await trx
            .insertInto('eventRecord')
            .values(anEvent(tenant, `h${index}`))
            .execute();
          if (index % 3 === 0) throw new Error('rolled back');
          return trx.selectFrom('eventRecord').select('stream').execute();
        });
        return rows.catch(() => 'rolled back');
      });
      const results = await Promise.all(work);
      expect(results).toEqual(
        results.map((_, index) => (index % 3 === 0 ? 'rolled back' : [{ stream: `h${index}` }])),
      );
    });

    it('has nothing to migrate a second time', async () => {
      expect(await migrate(database.db)).toEqual([]);
    });
  });
}
