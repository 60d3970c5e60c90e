import fc from 'fast-check';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import {
  type CallEvent,
  type CallRecord,
  finishCallJob,
  getCall,
  ingestRecords,
  SequenceGap,
} from '../../../../../src/business/record/calls/calls.ts';
import { listPrices } from '../../../../../src/vendors/prices.ts';
import { findOrCreateCustomerByPhone } from '../../../../../src/business/customers/customers.ts';
import { runAcrossTenants } from '../../../../../src/platform/data/tx.ts';
import { journalStreamOf } from '../../../../../src/business/record/calls/journal-stream.ts';
import { readEvents } from '../../../../../src/business/tenancy/events/event-record.ts';
import { newId, type TenantId } from '../../../../../src/platform/data/ids.ts';
import type { CallId } from '../../../../../src/business/tenancy/ids/ids.ts';
import { aTenant, useDatabase } from '../../../a-business.ts';
import { aBookingCall, callStarted, recordsOf, usage } from '../a-call.ts';
import { jobContext } from '../../../../../src/jobs/job.ts';
import { testTenancy } from '../../../../support/test-tenancy.ts';

const at = useDatabase();
const logger = pino({ level: 'silent' });

const finish = (tenantId: TenantId, callId: CallId) =>
  finishCallJob({ tenancy: at.tenancy, prices: listPrices }).run(
    { tenantId, callId },
    jobContext({ logger }),
  );

/** Everything the record says of a call, for comparing two ways to it. */
async function wholeRecord(tenantId: TenantId, callId: CallId) {
  return {
    call: await at.tenancy.run({ tenantId }, (tx) => getCall(tx, callId)),
    events: await at.tenancy.run({ tenantId }, (tx) => readEvents(tx, journalStreamOf(callId))),
  };
}

function promisedJobs(callId: CallId) {
  return runAcrossTenants(at.db, (transaction) =>
    transaction
      .selectFrom('outbox')
      .select(['job', 'jobId', 'data'])
      .where('jobId', 'like', `%${callId}%`)
      .execute(),
  );
}

describe('ingesting the records of a call', () => {
  it('makes a call with its turns, as heard, tools in place', async () => {
    const tenantId = await aTenant(at.db);
    const callId = newId('call');
    await ingestRecords(testTenancy(at.db), recordsOf(tenantId, callId, aBookingCall()));
    const call = await at.tenancy.run({ tenantId }, (tx) => getCall(tx, callId));
    expect(call).toMatchObject({
      status: 'completed',
      fromPhone: '+14155550123',
      startedAt: new Date('2026-11-24T15:00:00Z'),
      answeredAt: new Date('2026-11-24T15:00:01Z'),
      endedAt: new Date('2026-11-24T15:00:12Z'),
      endedReason: 'agent-said-goodbye',
      durationMs: 61_000,
      callerTurnCount: 1,
      replyCount: 2,
      interruptionCount: 1,
      toolCallCount: 1,
      faultCount: 1,
      recordingKey: 'recordings/call.wav',
      usage,
    });
    expect(call.transcript.map(({ kind, text, tool }) => [kind, text ?? tool])).toEqual([
      ['agent', 'Harbour Street Bicycles.'],
      ['caller', 'I would like to book a tune-up.'],
      ['tool', 'book_appointment'],
      ['agent', 'You are booked'],
    ]);
    expect(call.transcript[2]).toMatchObject({
      arguments: { service: 'tune-up' },
      result: { booking: { reference: 'B-1001' } },
      toolStatus: 'ok',
      durationMs: 13,
    });
    expect(call.transcript[3]).toMatchObject({
      generatedText: 'You are booked for Tuesday at ten.',
      interrupted: true,
      interruptionCause: 'barge-in',
      latency: { endpointingMs: 310.4, requestMs: -120, totalMs: 242, speculative: true },
    });
  });

  it('gives each tool its own result, also where a model uses the same id again', async () => {
    const tenantId = await aTenant(at.db);
    const callId = newId('call');
    const called = { toolCallId: 'call_0', turn: 1, tool: 'list_services' } as const;
    const events: CallEvent[] = [
      callStarted(),
      { type: 'tool-called', ...called, arguments: '{', offsetMs: 1_000 },
      { type: 'tool-ended', ...called, status: 'invalid-arguments', result: { problem: 'x' }, durationMs: 1 },
      { type: 'tool-called', ...called, arguments: {}, offsetMs: 1_200 },
      { type: 'tool-ended', ...called, status: 'ok', result: { services: [] }, durationMs: 7 },
    ];
    await ingestRecords(testTenancy(at.db), recordsOf(tenantId, callId, events));
    const { transcript } = await at.tenancy.run({ tenantId }, (tx) => getCall(tx, callId));
    expect(transcript).toMatchObject([
      { toolStatus: 'invalid-arguments', result: { problem: 'x' }, durationMs: 1 },
      { toolStatus: 'ok', result: { services: [] }, durationMs: 7 },
    ]);
  });

  it('[F11] ends in the same record however the batches are cut, repeated and shuffled', async () => {
    const tenantId = await aTenant(at.db);
    const events = aBookingCall();
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ upTo: fc.integer({ min: 1, max: events.length }), from: fc.nat(events.length) }),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        fc.infiniteStream(fc.nat()),
        async (cuts, chance) => {
          const callId = newId('call');
          const own = events.map((event) =>
            event.type === 'call-started' ? { ...event, callSid: callId as never } : event,
          );
          const records = recordsOf(tenantId, callId, own);
          let stored = 0;
          for (const { upTo, from } of [...cuts, { upTo: events.length, from: 0 }]) {
            // Begins anywhere in what is stored, as a writer that lost its place would.
            const batch = records.slice(Math.min(from, stored), upTo);
            const repeated = [...batch, ...batch].toSorted(() => (chance.next().value % 2) - 0.5);
            if (repeated.length > 0) await ingestRecords(testTenancy(at.db), repeated);
            stored = Math.max(stored, upTo);
          }
          const { call, events: storedEvents } = await wholeRecord(tenantId, callId);
          expect(storedEvents.map(({ sequence }) => sequence)).toEqual(
            records.map(({ sequence }) => sequence),
          );
          expect(call).toMatchObject({
            replyCount: 2,
            callerTurnCount: 1,
            toolCallCount: 1,
            status: 'completed',
          });
          expect(call.transcript).toHaveLength(4);
          expect(await promisedJobs(callId)).toHaveLength(1);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('takes the same batch from two writers at once, once', async () => {
    const tenantId = await aTenant(at.db);
    const callId = newId('call');
    const records = recordsOf(tenantId, callId, aBookingCall());
    await Promise.all([1, 2, 3].map(() => ingestRecords(testTenancy(at.db), records)));
    const { events } = await wholeRecord(tenantId, callId);
    expect(events).toHaveLength(records.length);
  });

  it('changes nothing of a call with a gap, and stores the other calls', async () => {
    const tenantId = await aTenant(at.db);
    const [torn, whole] = [newId('call'), newId('call')];
    const records = recordsOf(tenantId, torn, aBookingCall());
    await ingestRecords(testTenancy(at.db), records.slice(0, 4));
    const before = await wholeRecord(tenantId, torn);
    const others = recordsOf(tenantId, whole, aBookingCall());
    const missing = await ingestRecords(testTenancy(at.db), [...records.slice(5), ...others]).catch(
      (error: unknown) => error,
    );
    expect(missing).toBeInstanceOf(SequenceGap);
    expect(missing).toMatchObject({ callId: torn, expected: 5 });
    expect(await wholeRecord(tenantId, torn)).toEqual(before);
    expect((await at.tenancy.run({ tenantId }, (tx) => getCall(tx, whole))).status).toBe('completed');
    await ingestRecords(testTenancy(at.db), records);
    expect((await wholeRecord(tenantId, torn)).events).toHaveLength(records.length);
  });

  it('rolls a call back whole when one record cannot be stored', async () => {
    const tenantId = await aTenant(at.db);
    const callId = newId('call');
    const broken: CallRecord[] = recordsOf(tenantId, callId, aBookingCall().slice(1));
    await expect(ingestRecords(testTenancy(at.db), broken)).rejects.toThrow(/call-started/);
    const events = await at.tenancy.run({ tenantId }, (tx) => readEvents(tx, journalStreamOf(callId)));
    expect(events).toEqual([]);
  });

  it('promises to finish the record when the call ends, and again for what comes after', async () => {
    const tenantId = await aTenant(at.db);
    const callId = newId('call');
    const late: CallEvent = {
      type: 'recording-stored',
      key: 'recordings/late.wav',
      durationMs: 1,
      sizeBytes: 44,
    };
    const records = recordsOf(tenantId, callId, [...aBookingCall(), late]);
    await ingestRecords(testTenancy(at.db), records.slice(0, -2));
    expect(await promisedJobs(callId)).toEqual([]);
    await ingestRecords(testTenancy(at.db), records.slice(0, -1));
    await ingestRecords(testTenancy(at.db), records);
    expect(await promisedJobs(callId)).toMatchObject([
      { job: 'finish-call', data: { tenantId, callId } },
      { job: 'finish-call', data: { tenantId, callId } },
    ]);
  });
});

describe('finishing the record', () => {
  it('adds outcome, summary, cost by component and the customer, and again changes nothing', async () => {
    const tenantId = await aTenant(at.db);
    const callId = newId('call');
    const customer = await at.tenancy.run({ tenantId }, (tx) =>
      findOrCreateCustomerByPhone(tx, { phone: '+14155550123' }),
    );
    await ingestRecords(testTenancy(at.db), recordsOf(tenantId, callId, aBookingCall()));
    await finish(tenantId, callId);
    const { call } = await wholeRecord(tenantId, callId);
    expect(call).toMatchObject({
      outcome: ['booked'],
      customerId: customer.id,
      summary:
        'The caller said: “I would like to book a tune-up.” An appointment was booked (B-1001). They said goodbye after 1 min 1 s.',
      cost: {
        currency: 'USD',
        speechToTextMicros: 7_700,
        // 1000 × 0.10 + 1000 × 0.01 + 80 × 0.50 with one model, 1000 × 0.10 + 20 × 0.50 with the other.
        modelMicros: 260,
        textToSpeechMicros: 10_000,
        telephonyMicros: 25_000,
        totalMicros: 42_960,
        unpriced: [],
      },
    });
    await finish(tenantId, callId);
    expect((await wholeRecord(tenantId, callId)).call).toEqual(call);
  });

  it('waits for the end of the call, and passes over calls that are not there', async () => {
    const tenantId = await aTenant(at.db);
    const callId = newId('call');
    await ingestRecords(testTenancy(at.db), recordsOf(tenantId, callId, [callStarted('anonymous')]));
    await finish(tenantId, callId);
    await finish(tenantId, newId('call'));
    expect(await at.tenancy.run({ tenantId }, (tx) => getCall(tx, callId))).toMatchObject({
      outcome: null,
      cost: null,
      status: 'in_progress',
    });
  });

  it('tells a transfer that was answered from one that was not', async () => {
    const tenantId = await aTenant(at.db);
    const outcomeAfter = async (outcome: string) => {
      const callId = newId('call');
      const events: CallEvent[] = [
        callStarted('anonymous'),
        { type: 'transfer-ended', targetId: 'workshop', outcome },
        { type: 'call-ended', reason: 'transferred', durationMs: 1, usage },
      ];
      await ingestRecords(testTenancy(at.db), recordsOf(tenantId, callId, events));
      await finish(tenantId, callId);
      return (await at.tenancy.run({ tenantId }, (tx) => getCall(tx, callId))).outcome;
    };
    expect(await outcomeAfter('completed')).toEqual(['transferred']);
    expect(await outcomeAfter('no-answer')).toEqual(['no-conversation']);
  });
});
