import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenDatabase } from '../../src/platform/data/db.ts';
import { Conflict } from '../../src/platform/process/errors.ts';
import { systemActor } from '../../src/business/tenancy/actor/actor.ts';
import { appendEvents, type NewEvent, readEvents } from '../../src/business/tenancy/events/event-record.ts';
import { defineEvents } from '../../src/business/tenancy/events/event-type.ts';
import { happened } from '../../src/business/tenancy/events/happened.ts';
import { newId, type TenantId } from '../../src/platform/data/ids.ts';
import { openTestDatabase } from '../support/test-database.ts';
import { testTenancy } from '../support/test-tenancy.ts';

const at = new Date('2026-03-01T10:00:00.123Z');
const event = (type: string, data: unknown = {}): NewEvent => ({ type, data, at });

export function describeEvents(kind: OpenDatabase['kind']): void {
  describe(`the record of events on the ${kind} database`, () => {
    let database: OpenDatabase;
    beforeAll(async () => {
      database = await openTestDatabase(kind);
    });
    afterAll(() => database[Symbol.asyncDispose]());

    const append = (tenant: TenantId, expected: number, ...events: NewEvent[]): Promise<void> =>
      testTenancy(database.db).run({ tenantId: tenant }, (trx) =>
        appendEvents(trx, tenant, 'thing_1', expected, events),
      );
    const read = (tenant: TenantId, after?: number) =>
      testTenancy(database.db).run({ tenantId: tenant }, (trx) => readEvents(trx, 'thing_1', after));

    it('gives back what was appended, in order and numbered from 1', async () => {
      const tenant = newId('tnt');
      await append(tenant, 0, event('made', { a_b: 1 }), event('named', ['x']));
      await append(tenant, 2, event('ended', null));
      expect(await read(tenant)).toEqual([
        { sequence: 1, type: 'made', data: { a_b: 1 }, at },
        { sequence: 2, type: 'named', data: ['x'], at },
        { sequence: 3, type: 'ended', data: null, at },
      ]);
      expect(await read(tenant, 2)).toHaveLength(1);
    });

    it('refuses an append that knows too little or too much, and writes none of it', async () => {
      const tenant = newId('tnt');
      await append(tenant, 0, event('made'));
      await expect(append(tenant, 0, event('late'))).rejects.toBeInstanceOf(Conflict);
      await expect(append(tenant, 2, event('early'))).rejects.toBeInstanceOf(Conflict);
      expect(await read(tenant)).toHaveLength(1);
    });

    it('lets exactly one of many simultaneous appends through', async () => {
      const tenant = newId('tnt');
      const attempts = Array.from({ length: 8 }, (_, index) => append(tenant, 0, event(`by-${index}`)));
      const results = await Promise.allSettled(attempts);
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      const refusals = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(refusals.every((reason) => reason instanceof Conflict)).toBe(true);
      expect(await read(tenant)).toHaveLength(1);
    });

    it('numbers the facts that several transactions record on one stream at once', async () => {
      const actor = systemActor(newId('tnt'), 'test');
      const { looked } = defineEvents('thing', { looked: { says: 'Somebody looked at a thing.' } });
      const tenancy = testTenancy(database.db);
      const record = () => tenancy.run(actor, (tx) => happened(tx, actor, looked({ subject: 'thing_1' })));
      await Promise.all(Array.from({ length: 8 }, record));
      const sequences = (await read(actor.tenantId)).map(({ sequence }) => sequence);
      expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    it('keeps streams of the same name in different tenants apart', async () => {
      const [tenant, other] = [newId('tnt'), newId('tnt')];
      await append(tenant, 0, event('mine'));
      await append(other, 0, event('theirs'));
      expect((await read(tenant)).map(({ type }) => type)).toEqual(['mine']);
    });

    it('takes its events back when the unit of work fails', async () => {
      const tenant = newId('tnt');
      const work = testTenancy(database.db).run({ tenantId: tenant }, async (trx) => {
        await appendEvents(trx, tenant, 'thing_1', 0, [event('made')]);
        throw new Error('changed my mind');
      });
      await expect(work).rejects.toThrow('changed my mind');
      expect(await read(tenant)).toEqual([]);
    });
  });
}
