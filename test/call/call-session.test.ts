import { describe, expect, it } from 'vitest';
import { CallHarness, PlayingStream, target } from '../support/call-harness.ts';

describe('a call session', () => {
  it('greets as soon as the stream opens, and hears the greeting out', () => {
    const call = new CallHarness().answered();
    expect(call.all('reply-ended')).toMatchObject([
      { kind: 'greeting', turn: 0, heardText: 'Hello, how can I help you?', interrupted: false },
    ]);
  });

  it('[L2] opens the vendors while it rings, before there is a stream', () => {
    const call = new CallHarness();
    expect(call.recogniser.streams).toHaveLength(1);
    expect(call.voice.opened).toBe(1);
  });

  it('answers what the caller said, and puts both on record', () => {
    const call = new CallHarness().answered();
    call.says('When do you open?');
    call.listenFor(4_000);
    expect(call.all('caller-turn')).toMatchObject([{ turn: 1, text: 'When do you open?' }]);
    expect(call.all('reply-ended').at(-1)).toMatchObject({ turn: 1, heardText: 'We open at nine.' });
    expect(call.conversation.messages().map(({ role, content }) => `${role}: ${content}`)).toEqual([
      'assistant: Hello, how can I help you?',
      'user: When do you open?',
      'assistant: We open at nine.',
    ]);
  });

  it('hangs up when the goodbye has been heard, not before', () => {
    const call = new CallHarness().answered();
    call.answer = [
      { type: 'text-delta', text: 'Goodbye, and have a lovely day.' },
      { type: 'action', action: { type: 'end-call' } },
    ];
    call.says('That is all, thank you.');
    call.listenFor(500);
    expect(call.ended).toEqual([]);
    call.listenFor(4_000);
    expect(call.ended).toEqual(['agent-said-goodbye']);
    expect(call.stream.isClosed).toBe(true);
    expect(call.all('reply-ended').at(-1)).toMatchObject({ interrupted: false });
  });

  it('[L15] leaves no timer, no open recogniser and no open voice behind', async () => {
    const call = new CallHarness().answered();
    call.says('When do you open?');
    call.listenFor(300);
    call.stream.says({ type: 'stop' });
    await call.session.closed;
    // The marks that the carrier still had to echo pass.
    call.clock.advance(60_000);
    expect(call.clock.pendingTimers).toBe(0);
    expect(call.recogniser.latest.isClosed).toBe(true);
    expect(call.voice.openSessions).toBe(0);
  });

  it('[F31] keeps what was heard when the caller hangs up in the middle of an answer', async () => {
    const call = new CallHarness().answered();
    call.answer = [{ type: 'text-delta', text: 'We open at nine, and we close at six in the evening.' }];
    call.says('When do you open?');
    call.listenFor(1_500);
    call.stream.says({ type: 'stop' });
    await call.session.closed;
    const reply = call.all('reply-ended').at(-1);
    expect(reply).toMatchObject({ turn: 1, interrupted: true });
    expect(reply?.generatedText.startsWith(reply.heardText)).toBe(true);
    expect(reply?.heardText.length).toBeLessThan(reply!.generatedText.length);
    expect(call.events.at(-1)).toMatchObject({ type: 'call-ended', reason: 'caller-hung-up' });
  });

  it('asks twice whether anybody is there, then says goodbye and hangs up', () => {
    const call = new CallHarness().answered();
    call.listenFor(60_000);
    expect(call.all('reply-ended').map(({ kind }) => kind)).toEqual([
      'greeting',
      'reprompt',
      'reprompt',
      'goodbye',
    ]);
    expect(call.ended).toEqual(['silence']);
  });

  it('[L10] apologises when the agent has nothing to say', () => {
    const call = new CallHarness().answered();
    call.answer = [];
    call.says('Hello?');
    call.listenFor(5_000);
    expect(call.all('reply-ended').at(-1)).toMatchObject({ kind: 'apology', interrupted: false });
  });

  it('[L10] apologises when the agent never answers', () => {
    const call = new CallHarness().answered();
    call.answer = undefined;
    call.says('What does a tune-up cost?');
    call.listenFor(12_000);
    expect(call.all('reply-ended').map(({ kind }) => kind)).toContain('apology');
    expect(call.requests[0]?.request.signal.aborted).toBe(true);
  });

  it('[F8] gives the caller to a person when no voice is left', () => {
    const call = new CallHarness();
    call.voice.script.isSilent = true;
    call.fallbackVoice.script.isSilent = true;
    call.answered();
    call.listenFor(10_000);
    expect(call.all('fault').map(({ kind }) => kind)).toContain('tts.exhausted');
    expect(call.all('transfer-started')).toMatchObject([{ targetId: target.id }]);
    expect(call.stream.isClosed).toBe(true);
  });

  it('[F8] ends when that person does not answer either, instead of coming back mute', async () => {
    const call = new CallHarness();
    call.voice.script.isSilent = true;
    call.fallbackVoice.script.isSilent = true;
    call.answered();
    call.listenFor(10_000);
    expect(call.session.state.phase).toBe('transferring');
    call.session.transferFailed('no-answer');
    expect(call.session.state.phase).toBe('closed');
    expect(call.session.awaitStream()).toBe(false);
    await call.session.closed;
    expect(call.all('transfer-ended')).toMatchObject([{ outcome: 'no-answer' }]);
    expect(call.all('call-ended')).toMatchObject([{ reason: 'vendors-failed' }]);
    expect(call.clock.pendingTimers).toBe(0);
  });

  it('[F33] takes the caller back when the person it was passed on to does not answer', () => {
    const call = new CallHarness().answered();
    call.answer = [
      { type: 'text-delta', text: 'One moment, please.' },
      { type: 'action', action: { type: 'transfer', targetId: target.id } },
    ];
    call.says('May I speak to Sam?');
    call.listenFor(4_000);
    expect(call.session.state.phase).toBe('transferring');
    expect(call.recogniser.latest.isClosed).toBe(true);
    call.session.transferFailed('no-answer');
    call.stream = new PlayingStream(call.clock, call.callSid);
    call.session.attach(call.stream);
    call.listenFor(5_000);
    expect(call.all('transfer-ended')).toMatchObject([{ outcome: 'no-answer' }]);
    expect(call.recogniser.streams).toHaveLength(2);
    call.answer = [{ type: 'text-delta', text: 'Of course.' }];
    call.says('Then take a message, please.');
    call.listenFor(3_000);
    expect(call.all('reply-ended').at(-1)).toMatchObject({ heardText: 'Of course.' });
  });

  it('[F9] goes on with its whole memory when the carrier comes back with another stream', () => {
    const call = new CallHarness().answered();
    call.says('When do you open?');
    call.listenFor(300);
    call.stream.says({ type: 'closed', code: 1006, wasExpected: false });
    call.clock.advance(500);
    call.session.awaitStream();
    call.stream = new PlayingStream(call.clock, call.callSid);
    call.session.attach(call.stream);
    call.listenFor(5_000);
    call.says('When do you open, then?');
    call.listenFor(4_000);
    expect(call.ended).toEqual([]);
    expect(call.all('stream-opened').map(({ generation }) => generation)).toEqual([1, 2]);
    expect(call.conversation.messages().map(({ role }) => role)).toContain('user');
    expect(call.all('reply-ended').at(-1)).toMatchObject({ heardText: 'We open at nine.' });
  });

  it('[T37] has the recogniser wait longer while a number is dictated, and not afterwards', () => {
    const call = new CallHarness().answered();
    call.answer = [{ type: 'text-delta', text: 'And what is your phone number?' }];
    call.says('I would like to book a table.');
    call.listenFor(4_000);
    const patient = { endOfTurnThreshold: 0.85, endOfTurnTimeoutMs: 8_000 };
    expect(call.recogniser.latest.configured).toEqual([patient]);
    call.answer = [{ type: 'text-delta', text: 'Thank you. Is there anything else?' }];
    call.says('Oh seven seven double oh nine hundred.');
    call.listenFor(4_000);
    const usual = { endOfTurnThreshold: 0.7, endOfTurnTimeoutMs: 5_000 };
    expect(call.recogniser.latest.configured).toEqual([patient, usual]);
  });

  it('commits keys as a turn of their own', () => {
    const call = new CallHarness().answered();
    for (const digit of '1042#') call.stream.says({ type: 'digit', digit });
    call.listenFor(3_000);
    expect(call.all('caller-turn')).toMatchObject([
      { source: 'digits', text: expect.stringContaining('1042') },
    ]);
  });

  it('keeps a mistake of ours to its own call: the call ends, nothing is thrown at the socket', () => {
    const call = new CallHarness().answered();
    call.conversation.addCallerTurn = () => {
      throw new Error('a mistake');
    };
    expect(() => call.says('When do you open?')).not.toThrow();
    expect(call.errors).toHaveLength(1);
    expect(call.ended).toEqual(['internal-error']);
  });
});
