import { beforeEach, describe, expect, it } from 'vitest';
import { mediaMs } from '../../../src/call/clocks.ts';
import { Conversation } from '../../../src/agent/conversation.ts';
import type { Agent, ReplyPart, ReplyRequest } from '../../../src/agent/reply-part.ts';
import { phrasesFor } from '../../../src/agent/prompt/phrases.ts';
import type { CallEvent } from '../../../src/business/record/calls/calls.ts';
import type { AnswerEvent } from '../../../src/call/reply/answer-event.ts';
import type { HeardSpeech } from '../../../src/call/reply/heard-text.ts';
import { Replies } from '../../../src/call/reply/replies.ts';
import type { SpeechEvent } from '../../../src/call/reply/speech-events.ts';
import type { AnswerSpeech } from '../../../src/call/reply/speech.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** A speech whose events the test tells. */
class ScriptedSpeech implements AnswerSpeech {
  readonly held: boolean;
  readonly tell: (event: SpeechEvent) => void;
  text = '';
  heardText = '';
  readonly calls: string[] = [];

  constructor(held: boolean, tell: (event: SpeechEvent) => void) {
    this.held = held;
    this.tell = tell;
  }

  pushText(delta: string): void {
    this.text += delta;
  }
  pushPhrase(text: string): void {
    this.text += text;
  }
  endText(): void {
    this.calls.push('end');
  }
  release(): void {
    this.calls.push('release');
  }
  pause(): void {
    this.calls.push('pause');
  }
  resume(): void {
    this.calls.push('resume');
  }
  close(): void {
    this.calls.push('close');
  }
  heard(): HeardSpeech {
    const complete = this.heardText === this.text;
    return { generatedText: this.text, heardText: this.heardText, heardMs: 0, complete, words: [] };
  }
  finish(): void {
    this.heardText = this.text;
    this.tell({ type: 'closed', outcome: 'finished' });
  }
}

interface Run {
  readonly request: ReplyRequest;
  readonly emit: (part: ReplyPart) => void;
  readonly finish: () => void;
}

let clock: FakeClock;
let conversation: Conversation;
let spoken: ScriptedSpeech[];
let runs: Run[];
let events: AnswerEvent[];
let records: CallEvent[];
let replies: Replies;

beforeEach(() => {
  clock = new FakeClock();
  conversation = new Conversation();
  spoken = [];
  runs = [];
  events = [];
  records = [];
  const agent: Agent = {
    reply(request, emit) {
      const { promise, resolve } = Promise.withResolvers<void>();
      runs.push({ request, emit, finish: resolve });
      return promise;
    },
  };
  replies = new Replies({
    agent,
    conversation,
    clock,
    speaker: {
      begin({ held }, tell) {
        spoken.push(new ScriptedSpeech(held, tell));
        return spoken.at(-1)!;
      },
    },
    phrases: phrasesFor('en-US'),
    findAudio: () => undefined,
    record: (event) => records.push(event),
    offsetMs: () => mediaMs(clock.nowMs()),
    emit: (event) => events.push(event),
  });
});

const turnEnd = { atMs: 0, lastWordEndAtMs: -260 };
const ended = () => records.filter((event) => event.type === 'reply-ended');

describe('replies', () => {
  it('put an answer on record as it was heard, with the time each stage took', () => {
    replies.answer(1, turnEnd, false);
    const [run] = runs;
    run!.emit({ type: 'model-requested', model: 'm' });
    clock.advance(250);
    run!.emit({ type: 'text-delta', text: 'We open at nine.' });
    spoken[0]!.tell({ type: 'voice-requested' });
    clock.advance(100);
    spoken[0]!.tell({ type: 'voice-answered' });
    spoken[0]!.tell({ type: 'audible' });
    run!.emit({ type: 'end', outcome: 'completed' });
    spoken[0]!.finish();
    expect(ended()).toMatchObject([
      {
        turn: 1,
        heardText: 'We open at nine.',
        interrupted: false,
        latency: { endpointingMs: 260, requestMs: 0, firstTokenMs: 250, firstAudioMs: 100, totalMs: 350 },
      },
    ]);
    expect(events.map(({ type }) => type)).toEqual(['reply-started', 'reply-audible', 'reply-finished']);
  });

  it('[L7] keep in the conversation only what was heard of a reply that was cut', () => {
    conversation.addCallerTurn('When do you open?');
    replies.answer(1, turnEnd, false);
    runs[0]!.emit({ type: 'text-delta', text: 'We open at nine and close at six.' });
    spoken[0]!.heardText = 'We open at nine';
    replies.interrupt('barge-in');
    expect(runs[0]!.request.signal.aborted).toBe(true);
    expect(conversation.messages().at(-1)).toMatchObject({
      role: 'assistant',
      content: expect.stringMatching(/^We open at nine \[interrupted\]$/),
    });
    expect(ended()).toMatchObject([{ interrupted: true, interruptionCause: 'barge-in' }]);
  });

  it('[L6] give the current place to one reply: a new one closes the old one first', () => {
    replies.answer(1, turnEnd, false);
    replies.answer(2, turnEnd, false);
    expect(spoken[0]!.calls).toEqual(['close']);
    runs[0]!.emit({ type: 'text-delta', text: 'late' });
    expect(spoken[0]!.text).toBe('');
    expect(ended()).toHaveLength(1);
  });

  it('hold a speculative reply until the turn is committed, then release it', async () => {
    replies.speculate(1, 'book me in');
    expect(spoken[0]!.held).toBe(true);
    expect(runs[0]!.request.speculativeText).toBe('book me in');
    let isCommitted = false;
    void runs[0]!.request.committed.then(() => (isCommitted = true));
    runs[0]!.emit({ type: 'model-requested', model: 'm' });
    await Promise.resolve();
    expect(isCommitted).toBe(false);
    clock.advance(150);
    replies.answer(1, { atMs: clock.nowMs(), lastWordEndAtMs: undefined }, true);
    await Promise.resolve();
    expect(isCommitted).toBe(true);
    expect(runs).toHaveLength(1);
    expect(spoken[0]!.calls).toEqual(['release']);
    spoken[0]!.tell({ type: 'audible' });
    spoken[0]!.finish();
    expect(ended()).toMatchObject([{ latency: { requestMs: -150, speculative: true } }]);
  });

  it('[L6] count the tokens of a discarded speculation, and leave no trace of it in the conversation', async () => {
    replies.speculate(1, 'book me');
    replies.discardSpeculation('caller went on');
    runs[0]!.emit({
      type: 'model-used',
      model: 'm',
      inputTokens: 10,
      cachedTokens: 0,
      outputTokens: 7,
      estimated: true,
    });
    runs[0]!.finish();
    await Promise.resolve();
    expect(records).toContainEqual({
      type: 'speculation-discarded',
      turn: 1,
      reason: 'caller went on',
      outputTokens: 7,
    });
    expect(conversation.messages()).toEqual([]);
    expect(ended()).toEqual([]);
  });

  it('start afresh when the speculation that should be used has failed meanwhile', () => {
    replies.speculate(1, 'hello');
    runs[0]!.emit({ type: 'end', outcome: 'failed' });
    replies.answer(1, turnEnd, true);
    expect(runs).toHaveLength(2);
    expect(spoken[1]!.held).toBe(false);
  });

  it('[L10] count a reply without a word and without an act as failed', () => {
    replies.answer(1, turnEnd, false);
    runs[0]!.emit({ type: 'end', outcome: 'completed' });
    expect(events.at(-1)).toMatchObject({ type: 'reply-failed' });
  });

  it('act only when the reply has been heard', () => {
    replies.answer(1, turnEnd, false);
    runs[0]!.emit({ type: 'text-delta', text: 'Goodbye!' });
    runs[0]!.emit({ type: 'action', action: { type: 'end-call' } });
    runs[0]!.emit({ type: 'end', outcome: 'completed' });
    expect(events.map(({ type }) => type)).not.toContain('reply-actions');
    spoken[0]!.finish();
    expect(events.at(-1)).toEqual({ type: 'reply-actions', actions: [{ type: 'end-call' }] });
  });

  it('forget a goodbye that the caller cut short', () => {
    replies.answer(1, turnEnd, false);
    runs[0]!.emit({ type: 'text-delta', text: 'Goodbye!' });
    runs[0]!.emit({ type: 'action', action: { type: 'end-call' } });
    replies.interrupt('barge-in');
    expect(events.map(({ type }) => type)).not.toContain('reply-actions');
  });

  it('[F33] carry out a transfer even when the caller talks over the line that announces it', () => {
    replies.answer(1, turnEnd, false);
    runs[0]!.emit({ type: 'text-delta', text: 'One moment, I connect you.' });
    runs[0]!.emit({ type: 'action', action: { type: 'transfer', targetId: 'sam' } });
    replies.interrupt('barge-in');
    expect(events.at(-1)).toEqual({
      type: 'reply-actions',
      actions: [{ type: 'transfer', targetId: 'sam' }],
    });
  });

  it('[L23] put the result of a tool on record although its reply was cut', () => {
    replies.answer(1, turnEnd, false);
    runs[0]!.emit({ type: 'tool-started', toolCallId: 't', tool: 'book_appointment', arguments: {} });
    replies.interrupt('barge-in');
    runs[0]!.emit({
      type: 'tool-ended',
      toolCallId: 't',
      tool: 'book_appointment',
      status: 'ok',
      result: { reference: 'B-1' },
      durationMs: 80,
    });
    expect(records.at(-1)).toMatchObject({ type: 'tool-ended', status: 'ok', turn: 1 });
    expect(events.at(-1)).toEqual({ type: 'tool-ended' });
  });

  it('[F8] tell the session when no voice is left', () => {
    replies.say('greeting', 0, 'Hello!');
    spoken[0]!.tell({ type: 'fault', kind: 'tts.exhausted', vendor: 'v', detail: 'd', gapMs: undefined });
    expect(events.at(-1)).toEqual({ type: 'voices-exhausted' });
    expect(records.at(-1)).toMatchObject({ type: 'fault', kind: 'tts.exhausted' });
  });
});
