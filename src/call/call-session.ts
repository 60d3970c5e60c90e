import type { Conversation } from '../agent/conversation.ts';
import type { PhraseName } from '../agent/prompt/phrases.ts';
import type { Agent } from '../agent/reply-part.ts';
import type { CallAction } from '../agent/tools/tool.ts';
import type { CallEvent, CallServices, EndedReason } from '../business/record/calls/call-event.ts';
import type { Line } from '../business/line/numbers/line.ts';
import type { CancelTimer, Clock } from '../platform/process/clock.ts';
import type { CallId, CallSid } from '../business/tenancy/references/ids.ts';
import { CallConnection, type ConnectionEvent } from './call-connection.ts';
import type { CallState } from './call-state.ts';
import { CallUsageMeter } from './call-usage.ts';
import type { Journal } from './journal/journal.ts';
import type { Listener, ListenerEvent } from './listening/listening.ts';
import type { CallRecorder } from './recording/recording.ts';
import { type AnswerEvent, Replies, type Speaker } from './reply/reply.ts';
import type { MediaStream } from './transport/media-stream.ts';
import { decideTurn, initialTurnState, nextDeadlineMs, type TurnState } from './turn/turn-taking.ts';
import type { TurnDecision, TurnEvent } from './turn/turn-event.ts';

export interface CallSessionDeps {
  readonly callId: CallId;
  readonly callSid: CallSid;
  /** E.164, or undefined when withheld. */
  readonly from: string | undefined;
  readonly line: Line;
  /** What it begins with; whatever takes over later is told by the faults on its record. */
  readonly services: CallServices;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly agent: Agent;
  readonly conversation: Conversation;
  readonly speaker: Speaker;
  readonly phrases: Readonly<Record<PhraseName, string>>;
  readonly greeting: string;
  readonly findAudio: (text: string) => Uint8Array | undefined;
  readonly createListener: (emit: (event: ListenerEvent) => void) => Listener;
  readonly recorder: CallRecorder | undefined;
  /** Every event of the call, for metrics and the log; must not throw. */
  readonly observe: (event: CallEvent) => void;
  readonly isLiveAtCarrier: () => Promise<boolean>;
  readonly onError: (error: unknown) => void;
  /** Exactly once, synchronously with the end; the record is still being completed. */
  readonly onEnded: (reason: EndedReason) => void;
}

/**
 * One phone call: owns its stages, tells the turn machine what happens and does what it decides. Created when the
 * phone rings, so that the vendors are ready when the stream opens; ends exactly once.
 */
export class CallSession {
  readonly callId: CallId;
  readonly line: Line;
  readonly from: string | undefined;
  readonly startedAt: Date;
  readonly #deps: CallSessionDeps;
  readonly #connection: CallConnection;
  readonly #replies: Replies;
  readonly #usage = new CallUsageMeter();
  readonly #finished = Promise.withResolvers<void>();
  #listener: Listener;
  #turnState: TurnState;
  readonly #pendingTurnEvents: TurnEvent[] = [];
  #isDeciding = false;
  #cancelTurnTimer: CancelTimer | undefined;
  /** The caller turn last committed; 0 before the first. */
  #turn = 0;
  /** Why the goodbye that is being said was said. */
  #endingReason: EndedReason | undefined;

  constructor(deps: CallSessionDeps) {
    this.#deps = deps;
    const { clock, line } = deps;
    this.callId = deps.callId;
    this.line = line;
    this.from = deps.from;
    this.startedAt = clock.date();
    this.#turnState = initialTurnState(line.agent.turnTaking, line.agent.language, clock.nowMs());
    this.#connection = new CallConnection({
      ...deps,
      emit: this.#contained((event) => this.#onConnectionEvent(event)),
    });
    this.#replies = new Replies({
      ...deps,
      record: (event) => this.#record(event),
      offsetMs: () => this.#connection.offsetMs(),
      emit: this.#contained((event) => this.#onAnswerEvent(event)),
    });
    this.#record({
      type: 'call-started',
      callSid: deps.callSid,
      from: deps.from ?? '',
      to: line.number,
      numberId: line.numberId,
      agentId: line.agentId,
      agentVersionId: line.agentVersionId,
      direction: 'inbound',
      services: deps.services,
    });
    this.#listener = this.#startListening();
    deps.speaker.start();
  }

  get state(): CallState {
    return this.#connection.state;
  }

  /** Resolves when the record of the ended call is complete on disk. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  attach(stream: MediaStream): void {
    this.#connection.attach(stream);
  }

  /** Whether the carrier, which asks what to do, shall open another stream. */
  awaitStream(): boolean {
    return this.#connection.awaitStream();
  }

  transferAnswered(): void {
    if (this.#recordTransferOutcome('answered')) this.end('transferred');
  }

  /** The person we dialled did not take the call: the agent has the caller back when the next stream opens. */
  transferFailed(outcome: string): void {
    if (!this.#recordTransferOutcome(outcome)) return;
    // The last resort has failed as well [F8]: there is no agent to come back to.
    if (this.#endingReason !== undefined) this.end(this.#endingReason);
    else this.#listener = this.#startListening();
  }

  /** Ends the call, for whatever reason; only the first one counts. */
  end(reason: EndedReason): void {
    const wasListening = this.state.phase !== 'transferring';
    if (this.state.phase === 'ended') return;
    this.#replies.close(reason);
    this.#connection.close(reason);
    this.#cancelTurnTimer?.();
    if (wasListening) this.#stopListening();
    this.#deps.speaker.close();
    this.#deps.onEnded(reason);
    void this.#completeRecord(reason);
  }

  /** A mistake of ours ends this call and is looked at by a person; it must not reach the others of the process. */
  #contained<Args extends readonly unknown[]>(handle: (...args: Args) => void): (...args: Args) => void {
    return (...args) => {
      try {
        handle(...args);
      } catch (error) {
        this.#deps.onError(error);
        this.end('internal-error');
      }
    };
  }

  // ── what comes in ──

  #onConnectionEvent(event: ConnectionEvent): void {
    switch (event.type) {
      case 'media':
        this.#deps.recorder?.caller(event.mulaw, event.offsetMs);
        this.#listener.hear(event.mulaw, event.offsetMs);
        return;
      case 'mark':
        this.#deps.speaker.onMark(event.name);
        return;
      case 'digit':
        this.#record({
          type: 'digit-pressed',
          digit: event.digit,
          offsetMs: this.#connection.offsetMs(),
        });
        this.#tell(event);
        return;
      case 'stream-opened':
        this.#onStreamOpened(event);
        return;
      case 'stream-broken':
        this.#replies.interrupt('transport-lost');
        return;
      case 'over':
        this.end(event.reason);
        return;
      default:
        event satisfies never;
    }
  }

  #onStreamOpened(event: Extract<ConnectionEvent, { type: 'stream-opened' }>): void {
    const { stream, generation, after } = event;
    this.#record({ type: 'stream-opened', streamSid: stream.streamSid, generation });
    this.#deps.speaker.attach(stream, this.#connection);
    switch (after) {
      case 'ringing':
        this.#tell({ type: 'stream-opened' });
        return;
      case 'transferring':
        this.#tell({ type: 'transfer-failed' });
        this.#say('repeat-request', 'transfer-failed');
        return;
      case 'detached':
        this.#say('repeat-request', 'repeat-request');
        return;
      case 'live':
        // The same call, moved to another stream: the speaker goes on where the caller stopped hearing it.
        return;
      default:
        after satisfies never;
    }
  }

  #onListenerEvent(event: ListenerEvent): void {
    if (event.type !== 'fault') {
      this.#tell(event);
      return;
    }
    this.#record(event);
    if (event.kind === 'stt.exhausted') this.#vendorsFailed();
  }

  #onAnswerEvent(event: AnswerEvent): void {
    switch (event.type) {
      case 'reply-actions':
        for (const action of event.actions) this.#act(action);
        return;
      case 'voices-exhausted':
        this.#vendorsFailed();
        return;
      default:
        this.#tell(event);
    }
  }

  // ── what is decided ──

  /** Events that arise while decisions are carried out wait their turn: one event, all its decisions, then the next. */
  #tell(event: TurnEvent): void {
    this.#pendingTurnEvents.push(event);
    if (this.#isDeciding) return;
    this.#isDeciding = true;
    for (let next = this.#pendingTurnEvents.shift(); next; next = this.#pendingTurnEvents.shift()) {
      const { state, decisions } = decideTurn(this.#turnState, next, this.#deps.clock.nowMs());
      this.#turnState = state;
      for (const decision of decisions) this.#perform(decision);
    }
    this.#isDeciding = false;
    this.#armTurnTimer();
  }

  #armTurnTimer(): void {
    this.#cancelTurnTimer?.();
    this.#cancelTurnTimer = undefined;
    const deadlineMs = nextDeadlineMs(this.#turnState);
    if (deadlineMs === undefined || this.state.phase === 'ended') return;
    const delayMs = deadlineMs - this.#deps.clock.nowMs();
    this.#cancelTurnTimer = this.#deps.clock.after(
      delayMs,
      this.#contained(() => this.#tell({ type: 'timer' })),
    );
  }

  #perform(decision: TurnDecision): void {
    if (this.state.phase === 'ended') return;
    switch (decision.type) {
      case 'greet':
        this.#replies.say('greeting', 0, this.#deps.greeting);
        return;
      case 'speculate':
        this.#replies.speculate(this.#turn + 1, decision.text);
        return;
      case 'discard-speculation':
        this.#replies.discardSpeculation('caller went on');
        return;
      case 'commit-turn':
        this.#commitTurn(decision);
        return;
      case 'amend-turn':
        this.#amendTurn(decision.text);
        return;
      case 'pause-playout':
        this.#replies.pause();
        return;
      case 'resume-playout':
        this.#replies.resume();
        return;
      case 'interrupt-reply':
        this.#replies.interrupt(decision.cause);
        return;
      case 'ignore-speech':
        this.#record({
          type: 'speech-ignored',
          text: decision.text,
          reason: decision.reason,
          offsetMs: this.#connection.offsetMs(),
        });
        return;
      case 'say':
        this.#say(decision.kind, phraseFor(decision));
        return;
      case 'set-endpointing':
        this.#listener.configure(decision.endpointing);
        return;
      case 'say-goodbye':
        this.#sayGoodbye(decision.reason);
        return;
      default:
        decision satisfies never;
    }
  }

  #commitTurn({ text, words, source, useSpeculation, amendsTurn }: CommitTurn): void {
    const lastWordEndMs = words.at(-1)?.endMs;
    const endOffsetMs = lastWordEndMs ?? this.#connection.offsetMs();
    if (amendsTurn) {
      this.#amendTurn(text);
    } else {
      this.#turn += 1;
      this.#deps.conversation.addCallerTurn(text);
      this.#record({
        type: 'caller-turn',
        turn: this.#turn,
        text,
        source,
        startOffsetMs: words[0]?.startMs ?? endOffsetMs,
        endOffsetMs,
        words: words.map((word) => ({
          text: word.text,
          startOffsetMs: word.startMs ?? endOffsetMs,
          endOffsetMs: word.endMs ?? endOffsetMs,
        })),
      });
    }
    const lastWordEndAtMs =
      lastWordEndMs === undefined ? undefined : this.#connection.instantOf(lastWordEndMs);
    const turnEnd = { atMs: this.#deps.clock.nowMs(), lastWordEndAtMs };
    this.#replies.answer(this.#turn, turnEnd, useSpeculation);
  }

  #amendTurn(text: string): void {
    this.#deps.conversation.amendCallerTurn(text);
    this.#record({ type: 'caller-turn-amended', turn: this.#turn, text });
  }

  #say(kind: 'reprompt' | 'repeat-request' | 'apology' | 'wrap-up', phrase: PhraseName): void {
    this.#replies.say(kind, this.#turn, this.#deps.phrases[phrase]);
  }

  #sayGoodbye(reason: 'silence' | 'max-duration'): void {
    const phrase = reason === 'silence' ? 'goodbye-silence' : 'goodbye-max-duration';
    this.#sayLast(reason, phrase, { type: 'end-call' });
  }

  /** Ears or voice are gone for good: say so with ready audio, then give the caller to a person, or hang up [F8]. */
  #vendorsFailed(): void {
    if (this.#endingReason === 'vendors-failed') return;
    const target = this.line.agent.transferTargets[0];
    this.#sayLast(
      'vendors-failed',
      'vendors-failed',
      target ? { type: 'transfer', targetId: target.id } : { type: 'end-call' },
    );
  }

  #sayLast(reason: EndedReason, phrase: PhraseName, action: CallAction): void {
    this.#endingReason = reason;
    this.#tell({ type: 'ending' });
    this.#replies.say('goodbye', this.#turn, this.#deps.phrases[phrase], [action]);
  }

  // ── what follows a reply ──

  #act(action: CallAction): void {
    switch (action.type) {
      case 'end-call':
        this.end(this.#endingReason ?? 'agent-said-goodbye');
        return;
      case 'transfer':
        this.#startTransfer(action.targetId);
        return;
      default:
        action satisfies never;
    }
  }

  #startTransfer(targetId: string): void {
    const target = this.line.agent.transferTargets.find(({ id }) => id === targetId);
    if (target === undefined || this.state.phase !== 'live') return;
    this.#record({ type: 'transfer-started', targetId, phone: target.phone });
    this.#tell({ type: 'transfer-started' });
    this.#replies.close('transfer');
    this.#stopListening();
    this.#connection.transferTo(target);
  }

  #recordTransferOutcome(outcome: string): boolean {
    if (this.state.phase !== 'transferring') return false;
    this.#record({ type: 'transfer-ended', targetId: this.state.target.id, outcome });
    return true;
  }

  #startListening(): Listener {
    const listener = this.#deps.createListener(this.#contained((event) => this.#onListenerEvent(event)));
    listener.start();
    return listener;
  }

  #stopListening(): void {
    this.#usage.listened(this.#listener.sttSeconds);
    this.#listener.close();
  }

  // ── the record ──

  #record(event: CallEvent): void {
    this.#usage.recorded(event);
    this.#deps.observe(event);
    this.#deps.journal.append(event);
  }

  async #completeRecord(reason: EndedReason): Promise<void> {
    const { journal, recorder, speaker } = this.#deps;
    const durationMs = Math.round(this.#connection.offsetMs());
    const recording = await recorder?.close();
    if (recording !== undefined) this.#record({ type: 'recording-stored', ...recording });
    const usage = this.#usage.total({
      callSeconds: durationMs / 1000,
      sttVendor: this.#listener.vendor,
      ttsVendor: speaker.vendor,
      ttsCharacters: speaker.characters,
    });
    this.#record({ type: 'call-ended', reason, durationMs, usage });
    await journal.close();
    this.#finished.resolve();
  }
}

type CommitTurn = Extract<TurnDecision, { type: 'commit-turn' }>;

function phraseFor(say: Extract<TurnDecision, { type: 'say' }>): PhraseName {
  if (say.kind !== 'reprompt') return say.kind;
  return say.attempt === 1 ? 'reprompt-1' : 'reprompt-2';
}
