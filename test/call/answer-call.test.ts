import { describe, expect, it } from 'vitest';
import { phrasesFor } from '../../src/agent/prompt/phrases.ts';
import type { EndedReason } from '../../src/business/record/calls/calls.ts';
import type { DialledLine } from '../../src/business/line/directory/directory.ts';
import { CallAnswering } from '../../src/call/answer-call.ts';
import type { CallSession } from '../../src/call/call-session.ts';
import { CallTelemetry } from '../../src/call/call-telemetry.ts';
import { CallRegistry } from '../../src/call/live-calls.ts';
import type { RingingCall } from '../../src/call/transport/carrier.ts';
import type { CallSid } from '../../src/business/tenancy/ids/ids.ts';
import { createLogger } from '../../src/platform/process/logger.ts';
import { Metrics } from '../../src/platform/process/metrics.ts';
import { CallHarness, dialledLine, PlayingStream, target, testLine } from '../support/call-harness.ts';
import { FakeClock } from '../support/fake-clock.ts';

const line = testLine();
const sid = (n: number): CallSid => `CA${String(n).padStart(32, '0')}` as CallSid;
const ringing = (n: number): RingingCall => ({ callSid: sid(n), from: '+447700900001', to: line.number });

function reception(
  options: { maxCalls?: number; isOverloaded?: boolean; dialled?: Partial<DialledLine> } = {},
) {
  const clock = new FakeClock();
  const harnesses = new Map<CallSid, CallHarness>();
  const atCarrier: string[] = [];
  const live = new Set<CallSid>();
  const calls = new CallRegistry({
    maxCalls: options.maxCalls ?? 2,
    isOverloaded: () => options.isOverloaded ?? false,
  });
  let tokens = 0;
  const answering = new CallAnswering({
    lines: {
      find: (number) => (number === line.number ? { ...dialledLine(line), ...options.dialled } : undefined),
    },
    calls,
    clock,
    carrier: {
      isLive: (callSid) => Promise.resolve(live.has(callSid)),
      hangUp: (callSid) => Promise.resolve(void atCarrier.push(callSid)),
    },
    telemetry: new CallTelemetry(new Metrics(), createLogger({ logLevel: 'silent' })),
    issueToken: () => `token-${(tokens += 1)}`,
    phrasesFor,
    createSession: (call, ofLine, onClosed: (reason: EndedReason) => void): CallSession => {
      const harness = new CallHarness({ line: ofLine, callSid: call.callSid, onClosed });
      harnesses.set(call.callSid, harness);
      return harness.session;
    },
  });
  return {
    answering,
    calls,
    clock,
    harnesses,
    atCarrier,
    live,
    harness: (n: number) => harnesses.get(sid(n))!,
  };
}

describe('answering calls', () => {
  it('[F11] [L21] gives the same call the same answer, and one session, however often it rings', () => {
    const { answering, harnesses } = reception();
    const first = answering.ring(ringing(1));
    expect(first).toEqual({ type: 'connect', token: 'token-1' });
    expect(answering.ring(ringing(1))).toEqual(first);
    expect(harnesses.size).toBe(1);
  });

  it('refuses a number that nobody has, politely', () => {
    const { answering, harnesses } = reception();
    expect(answering.ring({ ...ringing(1), to: '+15005559999' })).toEqual({
      type: 'say',
      text: phrasesFor('en-US')['unknown-number'],
      language: 'en-US',
    });
    expect(harnesses.size).toBe(0);
  });

  it('refuses politely, in its language, for a business that the platform has stopped', () => {
    const { answering, harnesses } = reception({ dialled: { isSuspended: true } });
    expect(answering.ring(ringing(1))).toEqual({
      type: 'say',
      text: phrasesFor('en-US')['not-in-service'],
      language: 'en-US',
    });
    expect(harnesses.size).toBe(0);
  });

  it('says the business’s own words after hours, and opens no session for them', () => {
    const hours = { timeZone: 'Europe/London', weekly: [], exceptions: [] };
    const afterHours = { type: 'message', text: 'We are closed.' } as const;
    const { answering, harnesses } = reception({ dialled: { hours, afterHours } });
    expect(answering.ring(ringing(1))).toEqual({ type: 'say', text: 'We are closed.', language: 'en-US' });
    expect(harnesses.size).toBe(0);
  });

  it('refuses a number that no published agent answers', () => {
    const { answering } = reception({ dialled: { agents: [] } });
    expect(answering.ring(ringing(1))).toMatchObject({ text: phrasesFor('en-US')['unknown-number'] });
  });

  it('[L25] reserves the slot when the phone rings: the last one is given once', () => {
    const { answering, calls } = reception({ maxCalls: 2 });
    const answers = [1, 2, 3].map((n) => answering.ring(ringing(n)).type);
    expect(answers).toEqual(['connect', 'connect', 'say']);
    expect(calls.size).toBe(2);
  });

  it('frees the slot as soon as a call ends', () => {
    const { answering, harness } = reception({ maxCalls: 1 });
    answering.ring(ringing(1));
    harness(1).session.close('caller-hung-up');
    expect(answering.ring(ringing(2)).type).toBe('connect');
  });

  it('[L12] takes no call while the process runs late', () => {
    const { answering } = reception({ isOverloaded: true });
    expect(answering.ring(ringing(1))).toMatchObject({ type: 'say', text: phrasesFor('en-US').busy });
  });

  it('[L19] hangs up after the stream of a call that is over', () => {
    const { answering, harness } = reception();
    answering.ring(ringing(1));
    harness(1).session.close('agent-said-goodbye');
    expect(answering.afterStream(sid(1))).toEqual({ type: 'hang-up' });
    expect(answering.afterStream(sid(99))).toEqual({ type: 'hang-up' });
  });

  it('[F9] gives a call that is still alive a new stream with a new token', () => {
    const { answering } = reception();
    answering.ring(ringing(1));
    expect(answering.afterStream(sid(1))).toEqual({ type: 'connect', token: 'token-2' });
  });

  it('[L19] stops asking a carrier for a stream that it never opens', () => {
    const { answering, calls } = reception();
    answering.ring(ringing(1));
    const answers = [1, 2, 3, 4].map(() => answering.afterStream(sid(1)).type);
    expect(answers).toEqual(['connect', 'connect', 'connect', 'say']);
    expect(calls.size).toBe(0);
  });

  it('closes a stream whose call is not live', () => {
    const { answering, clock } = reception();
    const stream = new PlayingStream(clock, sid(7));
    answering.streamOpened(stream);
    expect(stream.isClosed).toBe(true);
  });

  it('[L19] hangs up over REST when the carrier still has a call 10 s after our end', async () => {
    const { answering, clock, harness, atCarrier, live } = reception();
    answering.ring(ringing(1));
    live.add(sid(1));
    harness(1).session.close('agent-said-goodbye');
    await clock.advanceAsync(9_000);
    expect(atCarrier).toEqual([]);
    await clock.advanceAsync(1_500);
    expect(atCarrier).toEqual([sid(1)]);
  });

  it('[L19] leaves a call alone that the carrier has reported as completed', async () => {
    const { answering, clock, harness, atCarrier, live } = reception();
    answering.ring(ringing(1));
    live.add(sid(1));
    harness(1).session.close('agent-said-goodbye');
    answering.callCompleted(sid(1));
    await clock.advanceAsync(20_000);
    expect(atCarrier).toEqual([]);
  });

  it('[F11] ends a call once when it is reported completed, and ignores what comes late', () => {
    const { answering, harness } = reception();
    answering.ring(ringing(1));
    answering.callCompleted(sid(1));
    answering.callCompleted(sid(1));
    expect(harness(1).ended).toEqual(['caller-hung-up']);
    expect(answering.ring(ringing(1)).type).toBe('connect');
    expect(answering.afterStream(sid(1))).toEqual({ type: 'hang-up' });
  });

  it('dials the person a call is passed on to, and takes the caller back when nobody answers', () => {
    const { answering, harness } = reception();
    answering.ring(ringing(1));
    const call = harness(1).answered();
    call.answer = [
      { type: 'text-delta', text: 'One moment, please.' },
      { type: 'action', action: { type: 'transfer', targetId: target.id } },
    ];
    call.says('May I speak to Sam?');
    call.listenFor(4_000);
    expect(answering.afterStream(sid(1))).toEqual({
      type: 'dial',
      phone: target.phone,
      callerId: line.number,
      timeoutSeconds: 25,
    });
    expect(answering.transferEnded(sid(1), 'busy')).toMatchObject({ type: 'connect' });
    expect(call.ended).toEqual([]);
  });

  it('[F17] drains: takes no more calls and waits for those it has', async () => {
    const { answering, calls, harness } = reception();
    answering.ring(ringing(1));
    let isDrained = false;
    const drained = calls.drain(new AbortController().signal).then(() => (isDrained = true));
    expect(answering.ring(ringing(2)).type).toBe('say');
    await Promise.resolve();
    expect(isDrained).toBe(false);
    harness(1).session.close('agent-said-goodbye');
    await drained;
  });

  it('[F17] ends what is left when the time to drain is up', async () => {
    const { answering, calls, harness } = reception();
    answering.ring(ringing(1));
    await calls.drain(AbortSignal.abort());
    expect(harness(1).ended).toEqual(['shutdown']);
    expect(calls.size).toBe(0);
  });

  it('lists and ends live calls for their own tenant only', () => {
    const { answering, calls, harness } = reception();
    answering.ring(ringing(1));
    const { callId } = harness(1).session;
    const stranger = testLine().tenantId;
    expect(calls.list(stranger)).toEqual([]);
    expect(calls.end(stranger, callId)).toBe(false);
    expect(calls.list(line.tenantId)).toMatchObject([{ callId }]);
    expect(calls.end(line.tenantId, callId)).toBe(true);
    expect(harness(1).ended).toEqual(['ended-by-request']);
  });
});
