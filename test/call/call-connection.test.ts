import { describe, expect, it } from 'vitest';
import { CallConnection, type ConnectionEvent } from '../../src/call/call-connection.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ScriptedStream } from '../support/scripted-stream.ts';

const frame = new Uint8Array(160).fill(0xff);
const target = { id: 'sam', name: 'Sam', phone: '+447700900009', when: 'asked for Sam' };

function connect(options: { isLiveAtCarrier?: () => Promise<boolean> } = {}) {
  const clock = new FakeClock();
  const events: ConnectionEvent[] = [];
  const connection = new CallConnection({
    clock,
    isLiveAtCarrier: options.isLiveAtCarrier ?? (() => Promise.resolve(true)),
    emit: (event) => events.push(event),
  });
  return { clock, connection, events, last: () => events.at(-1) };
}

describe("a call's connection to its carrier", () => {
  it('gives up a call whose stream never comes', () => {
    const { clock, last } = connect();
    clock.advance(29_999);
    expect(last()).toBeUndefined();
    clock.advance(1);
    expect(last()).toEqual({ type: 'closed', reason: 'never-connected' });
  });

  it("puts every stream's frames on the one media clock of the call", () => {
    const { clock, connection, last } = connect();
    clock.advance(700);
    const first = new ScriptedStream();
    connection.attach(first);
    first.says({ type: 'media', mulaw: frame, offsetMs: 20 });
    expect(last()).toMatchObject({ type: 'media', offsetMs: 20 });
    clock.advance(1_000);
    const second = new ScriptedStream();
    connection.attach(second);
    second.says({ type: 'media', mulaw: frame, offsetMs: 40 });
    expect(last()).toMatchObject({ type: 'media', offsetMs: 1_040 });
    expect(connection.offsetMs()).toBe(1_000);
  });

  it('[L21] lets a second stream replace the first: the first is closed and no longer heard', () => {
    const { connection, events } = connect();
    const first = new ScriptedStream();
    const second = new ScriptedStream();
    connection.attach(first);
    connection.attach(second);
    expect(first.isClosed).toBe(true);
    first.says({ type: 'media', mulaw: frame, offsetMs: 20 });
    first.says({ type: 'closed', code: 1006, wasExpected: false });
    expect(events.map(({ type }) => type)).toEqual(['stream-opened', 'stream-opened']);
    expect(events[1]).toMatchObject({ generation: 2, after: 'live' });
  });

  it('ends the call when the carrier says that the stream is over', () => {
    const { connection, last } = connect();
    const stream = new ScriptedStream();
    connection.attach(stream);
    stream.says({ type: 'stop' });
    expect(last()).toEqual({ type: 'closed', reason: 'caller-hung-up' });
  });

  it('[F9] ends the call within 2 s of a stream that broke and does not come back', () => {
    const { clock, connection, last } = connect();
    const stream = new ScriptedStream();
    connection.attach(stream);
    stream.says({ type: 'closed', code: 1006, wasExpected: false });
    expect(last()).toEqual({ type: 'stream-broken' });
    clock.advance(2_000);
    expect(last()).toEqual({ type: 'closed', reason: 'transport-lost' });
    expect(clock.pendingTimers).toBe(0);
  });

  it('[F9] goes on with the same call when the carrier comes back with another stream', () => {
    const { clock, connection, last } = connect();
    const stream = new ScriptedStream();
    connection.attach(stream);
    stream.says({ type: 'closed', code: 1006, wasExpected: false });
    clock.advance(1_500);
    connection.awaitStream();
    clock.advance(3_000);
    connection.attach(new ScriptedStream());
    expect(last()).toMatchObject({ type: 'stream-opened', generation: 2, after: 'detached' });
    expect(connection.offsetMs()).toBe(4_500);
  });

  it('[F10] ends the call when no frames come for 5 s and the carrier knows it as over', async () => {
    const { clock, connection, last } = connect({ isLiveAtCarrier: () => Promise.resolve(false) });
    const stream = new ScriptedStream();
    connection.attach(stream);
    clock.advance(3_000);
    stream.says({ type: 'media', mulaw: frame, offsetMs: 3_000 });
    await clock.advanceAsync(4_900);
    expect(last()).toMatchObject({ type: 'media' });
    await clock.advanceAsync(200);
    expect(last()).toEqual({ type: 'closed', reason: 'transport-idle' });
    expect(stream.isClosed).toBe(true);
  });

  it('[F10] waits for a quiet stream of a live call, but not indefinitely', async () => {
    const { clock, connection, events, last } = connect();
    connection.attach(new ScriptedStream());
    await clock.advanceAsync(25_000);
    expect(events).toHaveLength(1);
    await clock.advanceAsync(10_000);
    expect(last()).toEqual({ type: 'closed', reason: 'transport-idle' });
  });

  it('closes the stream for a transfer, and takes the next one as the way back', () => {
    const { connection, last } = connect();
    const stream = new ScriptedStream();
    connection.attach(stream);
    connection.transferTo(target);
    expect(stream.isClosed).toBe(true);
    stream.says({ type: 'closed', code: 1000, wasExpected: true });
    expect(connection.state).toMatchObject({ phase: 'transferring' });
    connection.attach(new ScriptedStream());
    expect(last()).toMatchObject({ type: 'stream-opened', after: 'transferring' });
  });

  it('[L15] keeps no timer after its end, and refuses further streams', () => {
    const { clock, connection } = connect();
    connection.attach(new ScriptedStream());
    connection.close('agent-said-goodbye');
    connection.close('shutdown');
    expect(clock.pendingTimers).toBe(0);
    const late = new ScriptedStream();
    connection.attach(late);
    expect(late.isClosed).toBe(true);
    expect(connection.state).toEqual({ phase: 'closed', reason: 'agent-said-goodbye' });
  });
});
