import { Conversation } from '../../src/agent/conversation.ts';
import { phrasesFor } from '../../src/agent/prompt/phrases.ts';
import type { Agent, ReplyPart, ReplyRequest } from '../../src/agent/reply-part.ts';
import { agentConfigSchema } from '../../src/business/line/agents/agent-config.ts';
import type { CallEvent, EndedReason } from '../../src/business/record/calls/calls.ts';
import type { DialledLine, Line } from '../../src/business/line/directory/directory.ts';
import { CallSession } from '../../src/call/call-session.ts';
import { Listener } from '../../src/call/listening/listener.ts';
import { PlayoutClock } from '../../src/call/reply/playout-clock.ts';
import { Speaker } from '../../src/call/reply/speaker.ts';
import type { CallSid } from '../../src/business/tenancy/ids/ids.ts';
import { newId } from '../../src/platform/data/ids.ts';
import { ScriptedRecogniser } from '../call/listening/scripted-recogniser.ts';
import { FakeClock } from './fake-clock.ts';
import { ScriptedStream } from './scripted-stream.ts';
import { ScriptedVoice } from './scripted-voice.ts';

const silence = new Uint8Array(160).fill(0xff);

export const target = { id: 'sam', name: 'Sam', phone: '+447700900009', when: 'asked for Sam' };

export function testLine(): Line {
  return {
    number: '+15005550100',
    numberId: newId('num'),
    tenantId: newId('tnt'),
    businessName: 'Test Business',
    timeZone: 'Europe/London',
    agentId: newId('agt'),
    agentVersionId: newId('agv'),
    agent: agentConfigSchema.parse({
      name: 'Robin',
      greeting: 'Hello, how can I help you?',
      instructions: '',
      voice: {},
      speechToText: {},
      model: {},
      tools: [],
      transferTargets: [target],
      turnTaking: {},
      recording: {},
    }),
  };
}

/** As the directory knows it: answered at all hours, by this one agent. */
export function dialledLine({ agentId, agentVersionId, agent, ...business }: Line): DialledLine {
  const agents = [{ agentId, agentVersionId, agent, weight: 100 }];
  return { ...business, isSuspended: false, agents, afterHours: undefined };
}

/** A carrier's stream that plays at once: every mark is reached as soon as its audio could have been played. */
export class PlayingStream extends ScriptedStream {
  readonly #clock: FakeClock;
  #playedUntilMs = 0;

  constructor(clock: FakeClock, callSid: CallSid) {
    super({ callSid });
    this.#clock = clock;
  }

  override sendAudio(mulaw: Uint8Array): void {
    super.sendAudio(mulaw);
    this.#playedUntilMs = Math.max(this.#playedUntilMs, this.#clock.nowMs()) + mulaw.length / 8;
  }

  override sendMark(name: string): void {
    super.sendMark(name);
    this.#clock.after(this.#playedUntilMs - this.#clock.nowMs(), () => this.says({ type: 'mark', name }));
  }
}

export interface HarnessOptions {
  readonly line?: Line;
  readonly callSid?: CallSid;
  readonly isLiveAtCarrier?: () => Promise<boolean>;
  readonly onClosed?: (reason: EndedReason) => void;
}

/** One real call session with every vendor and the agent in the test's hands, in virtual time. */
export class CallHarness {
  readonly clock = new FakeClock();
  readonly recogniser = new ScriptedRecogniser('recogniser');
  readonly voice = new ScriptedVoice(this.clock, 'voice');
  readonly fallbackVoice = new ScriptedVoice(this.clock, 'fallback');
  readonly conversation = new Conversation();
  readonly events: CallEvent[] = [];
  readonly ended: EndedReason[] = [];
  readonly errors: unknown[] = [];
  readonly requests: { request: ReplyRequest; emit: (part: ReplyPart) => void }[] = [];
  readonly callSid: CallSid;
  readonly session: CallSession;
  #streamMs = 0;
  stream: PlayingStream;
  /** What the agent answers to each turn, at once. */
  answer: readonly ReplyPart[] | undefined = [{ type: 'text-delta', text: 'We open at nine. ' }];

  constructor(options: HarnessOptions = {}) {
    const { clock } = this;
    this.callSid = options.callSid ?? (`CA${'1'.repeat(32)}` as CallSid);
    this.stream = new PlayingStream(clock, this.callSid);
    const line = options.line ?? testLine();
    const agent: Agent = {
      reply: (request, emit) => {
        this.requests.push({ request, emit });
        if (this.answer === undefined) return Promise.resolve();
        for (const part of this.answer) emit(part);
        emit({ type: 'end', outcome: 'completed' });
        return Promise.resolve();
      },
    };
    const voiceOptions = { voiceId: 'v', language: 'en-US', speed: 1 };
    this.session = new CallSession({
      callId: newId('call'),
      callSid: this.callSid,
      from: '+447700900001',
      line,
      services: { sttVendor: this.recogniser.vendor, ttsVendor: this.voice.vendor },
      clock,
      journal: { append: (event) => this.events.push(event), close: () => Promise.resolve() },
      agent,
      conversation: this.conversation,
      speaker: new Speaker({
        voices: [
          { tts: this.voice, options: voiceOptions },
          { tts: this.fallbackVoice, options: voiceOptions },
        ],
        clock,
        playoutClock: new PlayoutClock({ clock }),
        emitFault: (fault) => this.events.push(fault),
      }),
      phrases: phrasesFor('en-US'),
      greeting: line.agent.greeting,
      findAudio: () => undefined,
      createListener: (emit) =>
        new Listener({
          recognisers: [this.recogniser],
          options: {
            language: 'en-US',
            keyterms: [],
            endOfTurnThreshold: 0.7,
            eagerEndOfTurnThreshold: 0.4,
            endOfTurnTimeoutMs: 5_000,
          },
          settings: line.agent.turnTaking,
          voiceActivity: () => ({ hear: () => undefined, isVoiced: false, close: () => undefined }),
          ownVoice: { explains: () => false },
          clock,
          emit,
        }),
      recorder: undefined,
      observe: () => undefined,
      onError: (error) => this.errors.push(error),
      isLiveAtCarrier: options.isLiveAtCarrier ?? (() => Promise.resolve(true)),
      onClosed: (reason) => {
        this.ended.push(reason);
        options.onClosed?.(reason);
      },
    });
  }

  /** The stream opens and the greeting is heard to its end. */
  answered(): this {
    this.session.attach(this.stream);
    this.listenFor(5_000);
    return this;
  }

  /** Time passes on an open line: frames of silence keep coming. */
  listenFor(durationMs: number): void {
    for (let passedMs = 0; passedMs < durationMs; passedMs += 20) {
      this.clock.advance(20);
      this.#streamMs += 20;
      this.stream.says({ type: 'media', mulaw: silence, offsetMs: this.#streamMs });
      this.recogniser.latest.heartbeat();
    }
  }

  /** The caller says something and is understood. */
  says(text: string): void {
    this.recogniser.latest.tell({ type: 'turn-started', text });
    this.recogniser.latest.ended(text);
  }

  all<Type extends CallEvent['type']>(type: Type): Extract<CallEvent, { type: Type }>[] {
    return this.events.filter((event): event is Extract<CallEvent, { type: Type }> => event.type === type);
  }
}
