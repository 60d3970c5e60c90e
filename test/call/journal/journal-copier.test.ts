import * as fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { type CallRecord, SequenceGap } from '../../../src/business/record/calls/calls.ts';
import { type Ingest, JournalCopier } from '../../../src/call/journal/journal-copier.ts';
import { newId } from '../../../src/platform/data/ids.ts';
import type { CallId } from '../../../src/business/tenancy/ids/ids.ts';
import { digitPressed, recordOf } from '../../support/call-records.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const tenantId = newId('tnt');
const logger = pino({ level: 'silent' });
const outOfReach = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });

/** What ingest promises: each record once, in order; a gap refused. */
class Database {
  readonly stored = new Map<CallId, number[]>();
  failNext: (() => Error | undefined) | undefined;

  readonly ingest: Ingest = async (records) => {
    await Promise.resolve();
    const failure = this.failNext?.();
    if (failure !== undefined) throw failure;
    for (const { callId, sequence } of records) {
      const stored = this.stored.get(callId) ?? [];
      this.stored.set(callId, stored);
      if (sequence <= stored.length) continue;
      if (sequence > stored.length + 1) throw new SequenceGap(callId, stored.length + 1, sequence);
      stored.push(sequence);
    }
  };
}

/** A call whose file is always a flush behind. */
class Call {
  readonly id = newId('call');
  readonly #records: CallRecord[] = [];
  #flushed = 0;
  reads = 0;

  record(): CallRecord {
    this.#flushed = this.#records.length;
    const record = recordOf(this.id, tenantId, this.#records.length + 1, digitPressed(0));
    this.#records.push(record);
    return record;
  }

  flush(): void {
    this.#flushed = this.#records.length;
  }

  get sequences(): number[] {
    return this.#records.map(({ sequence }) => sequence);
  }

  readAfter(sequence: number, limit: number): Promise<readonly CallRecord[]> {
    this.reads += 1;
    return Promise.resolve(this.#records.slice(0, this.#flushed).slice(sequence, sequence + limit));
  }
}

function setUp(maxBufferedRecords?: number) {
  const [clock, database] = [new FakeClock(), new Database()];
  const copier = new JournalCopier({
    ingest: (records) => database.ingest(records),
    clock,
    logger,
    ...(maxBufferedRecords === undefined ? {} : { maxBufferedRecords }),
  });
  const newCall = (): Call => {
    const call = new Call();
    copier.follow(call.id, call);
    return call;
  };
  return { clock, database, copier, newCall };
}

describe('copying journals', () => {
  it('has a record in the database within 250 ms, and reads no file for it', async () => {
    const { clock, database, copier, newCall } = setUp();
    const call = newCall();
    copier.add(call.record());
    expect(copier.lagMs()).toBe(0);
    await clock.advanceAsync(250);
    expect(database.stored.get(call.id)).toEqual([1]);
    expect(copier.lagMs()).toBe(0);
    expect(call.reads).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('[F14] waits through an outage, tells how far behind it is, and has caught up 6 s after the end', async () => {
    const { clock, database, copier, newCall } = setUp();
    const calls = [newCall(), newCall(), newCall()];
    database.failNext = outOfReach;
    for (let second = 0; second < 300; second++) {
      for (const call of calls) copier.add(call.record());
      await clock.advanceAsync(1_000);
    }
    expect(database.stored.size).toBe(0);
    expect(copier.lagMs()).toBeGreaterThan(299_000);
    database.failNext = undefined;
    await clock.advanceAsync(6_000);
    for (const call of calls) expect(database.stored.get(call.id)).toEqual(call.sequences);
    expect(copier.lagMs()).toBe(0);
  });

  it('[F14] holds no more than its bound in memory, and reads the rest from the file', async () => {
    const { clock, database, copier, newCall } = setUp(10);
    const call = newCall();
    database.failNext = outOfReach;
    for (let index = 0; index < 1_200; index++) {
      copier.add(call.record());
      expect(copier.bufferedRecords).toBeLessThanOrEqual(10);
    }
    await clock.advanceAsync(1_000);
    call.flush();
    database.failNext = undefined;
    await clock.advanceAsync(10_000);
    expect(database.stored.get(call.id)).toEqual(call.sequences);
    expect(call.reads).toBeGreaterThan(0);
    const readsOfOutage = call.reads;
    copier.add(call.record());
    await clock.advanceAsync(250);
    expect(database.stored.get(call.id)).toEqual(call.sequences);
    expect(call.reads).toBe(readsOfOutage);
  });

  it('does not hold up other calls for one whose records are refused, and says so once as an error', async () => {
    const errors: unknown[] = [];
    const { clock, database, newCall } = setUp();
    const [refused, fine] = [newCall(), newCall()];
    const copier = new JournalCopier({
      ingest: (records) =>
        records[0]?.callId === refused.id
          ? Promise.reject(new Error('violates check constraint'))
          : database.ingest(records),
      clock,
      logger: Object.assign(pino({ level: 'silent' }), {
        error: (entry: unknown) => void errors.push(entry),
      }),
    });
    for (const call of [refused, fine]) copier.follow(call.id, call);
    copier.add(refused.record());
    for (let index = 0; index < 60; index++) {
      copier.add(fine.record());
      await clock.advanceAsync(250);
      expect(database.stored.get(fine.id)).toEqual(fine.sequences);
    }
    await clock.advanceAsync(60_000);
    expect(errors).toHaveLength(1);
  });

  it('starts again from the file where the database has less than it thought', async () => {
    const { clock, database, copier, newCall } = setUp();
    const call = newCall();
    for (let index = 0; index < 5; index++) copier.add(call.record());
    await clock.advanceAsync(250);
    database.stored.set(call.id, [1, 2]);
    copier.add(call.record());
    call.flush();
    await clock.advanceAsync(2_000);
    expect(database.stored.get(call.id)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('tells once when a finished call is copied whole, and forgets it', async () => {
    const { clock, copier, newCall } = setUp();
    const call = newCall();
    copier.add(call.record());
    let told = 0;
    copier.finish(call.id, () => (told += 1));
    expect(told).toBe(0);
    await clock.advanceAsync(250);
    expect(told).toBe(1);
    copier.add(call.record());
    await clock.advanceAsync(250);
    expect(told).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('copies what it still has when it is closed, without waiting for a timer', async () => {
    const { clock, database, copier, newCall } = setUp();
    const call = newCall();
    copier.add(call.record());
    await copier[Symbol.asyncDispose]();
    expect(database.stored.get(call.id)).toEqual([1]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('loses nothing, repeats nothing and keeps the order, whatever fails when', async () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ do: fc.constant('append' as const), call: fc.nat(2), count: fc.nat(8) }),
      },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(900) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('flush' as const), call: fc.nat(2) }) },
      {
        weight: 2,
        arbitrary: fc.record({
          do: fc.constant('fail' as const),
          how: fc.constantFrom('none', 'away', 'refused'),
        }),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 30 }),
        async (steps, bound) => {
          const { clock, database, copier, newCall } = setUp(bound);
          const calls = [newCall(), newCall(), newCall()];
          for (const each of steps) {
            if (each.do === 'append') {
              for (let index = 0; index < each.count; index++) copier.add(calls[each.call]!.record());
            } else if (each.do === 'wait') await clock.advanceAsync(each.ms);
            else if (each.do === 'flush') calls[each.call]!.flush();
            else if (each.how === 'none') database.failNext = undefined;
            else database.failNext = each.how === 'away' ? outOfReach : () => new Error('refused');
          }
          database.failNext = undefined;
          for (const call of calls) call.flush();
          await clock.advanceAsync(20_000);
          for (const call of calls) expect(database.stored.get(call.id) ?? []).toEqual(call.sequences);
          expect(copier.lagMs()).toBe(0);
          expect(clock.pendingTimers).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });
});
