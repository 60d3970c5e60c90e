import type { Conversation } from '../agent/conversation.ts';
import type { PhraseName } from '../agent/prompt/phrases.ts';
import type { Agent } from '../agent/reply-part.ts';
import type { CallAction } from '../agent/tools/tool.ts';
import type { TransferTarget } from '../business/agents/agent-config.ts';
import type { CallEvent, EndedReason } from '../business/calls/call-event.ts';
import type { Line } from '../business/numbers/line.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { CallId, CallSid } from '../platform/ids.ts';
import type { CallState } from './call-state.ts';
import type { CallUsageMeter } from './call-usage.ts';
import type { Journal } from './journal/journal.ts';
import type { ListenerEvent } from './listening/listener-event.ts';
import type { Listener } from './listening/listener.ts';
import type { CallRecorder } from './recording/call-recorder.ts';
import { Replies, type RepliesEvent } from './replies.ts';
import type { Speaker } from './speaking/speaker.ts';
import type { MediaStream, MediaStreamEvent } from './transport/media-stream.ts';
import { decideTurn, initialTurnState, nextDeadlineMs, type TurnState } from './turn/turn-taking.ts';
import type { TurnDecision, TurnEvent } from './turn/turn-event.ts';

/** How long a carrier may take from our answer to its media stream. */
const STREAM_DEADLINE_MS = 30_000;
/** How long a broken stream may take to come back before the call counts as lost [F9]. */
const REATTACH_DEADLINE_MS = 2_000;
/** No frames for this long on an open stream: the carrier has gone quiet [F10]. */
const IDLE_DEADLINE_MS = 5_000;
/** Quiet for this long, the stream is given up even when the carrier says the call is live. */
const IDLE_LIMIT_MS = 30_000;
/** A caller may talk to the person for as long as the carrier lets a call last (4 h), and a little more. */
const TRANSFER_DEADLINE_MS = 4 * 3_600_000 + 300_000;

export interface CallSessionDeps {
  readonly callId: CallId;
  readonly callSid: CallSid;
  readonly from: string | undefined;
  readonly line: Line;
  readonly clock: Clock;
  readonly journal: Journal;
  readonly usage: CallUsageMeter;
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
  /** Asks the carrier whether the call is still going on, when its stream has gone quiet. */
  readonly isLiveAtCarrier: () => Promise<boolean>;
  /** Exactly once, synchronously with the end; the record is still being completed. */
  readonly onEnded: (reason: EndedReason) => void;
}

/**
 * One phone call: owns its stages, tells the turn machine what happens and does what it decides. Created when the
 * phone rings, so that the vendors are ready when the stream opens; ends exactly once.
 */
export class CallSession {
  readonly callId: CallId;
  readonly startedAt: Date;
  readonly #deps: CallSessionDeps;
  readonly #replies: Replies;
  #listener: Listener;
  #state: CallState = { phase: 'ringing' };
  #turnState: TurnState;
  readonly #pendingTurnEvents: TurnEvent[] = [];
  #isDeciding = false;
  #turn = 0;
  #cancelTurnTimer: CancelTimer | undefined;
  #cancelPhaseTimer: CancelTimer | undefined;
  /** The call's media clock: 0 is the moment the first stream opened. */
  #mediaStartMs: number | undefined;
  /** Where this stream's own timestamps begin on the call's media clock. */
  #streamStartOffsetMs = 0;
  #lastFrameAtMs = 0;
  /** Why the goodbye that is being said was said. */
  #endingReason: EndedReason | undefined;
  readonly #finished = Promise.withResolvers<void>();

  constructor(deps: CallSessionDeps) {
    this.#deps = deps;
    this.callId = deps.callId;
    this.startedAt = deps.clock.date();
    const { clock, line } = deps;
    this.#turnState = initialTurnState(line.agent.turnTaking, line.agent.language, clock.nowMs());
    this.#listener = deps.createListener((event) => this.#onListenerEvent(event));
    this.#replies = new Replies({
      ...deps,
      record: (event) => this.#record(event),
      offsetMs: () => this.offsetMs(),
      emit: (event) => this.#onRepliesEvent(event),
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
    });
    this.#listener.start();
    deps.speaker.start();
    this.#armPhaseTimer(STREAM_DEADLINE_MS, 'never-connected');
  }

  get state(): CallState {
    return this.#state;
  }

  get line(): Line {
    return this.#deps.line;
  }

  get from(): string | undefined {
    return this.#deps.from;
  }

  /** Resolves when the record of the ended call is complete on disk. */
  get finished(): Promise<void> {
    return this.#finished.promise;
  }

  /** Position on the call's media clock. */
  offsetMs(): number {
    return this.#mediaStartMs === undefined ? 0 : this.#deps.clock.nowMs() - this.#mediaStartMs;
  }

  /** Takes a media stream of this call; one that is already there is replaced [L21]. */
  attach(stream: MediaStream): void {
    const before = this.#state;
    if (before.phase === 'ended') {
      stream.close();
      return;
    }
    const isFirst = before.phase === 'ringing';
    const generation = isFirst ? 1 : before.generation + 1;
    if (isFirst) this.#mediaStartMs = this.#deps.clock.nowMs();
    this.#streamStartOffsetMs = this.offsetMs();
    this.#state = { phase: 'live', stream, generation };
    if (before.phase === 'live') before.stream.close();
    this.#record({ type: 'stream-opened', streamSid: stream.streamSid, generation });
    this.#deps.speaker.attach(stream, this);
    this.#watchForIdle(stream);
    stream.listen((event) => this.#onStreamEvent(stream, event));
    if (isFirst) this.#tell({ type: 'stream-opened' });
    else if (before.phase === 'transferring') this.#comeBackFromTransfer();
    else if (before.phase === 'detached') this.#say('repeat-request', this.#deps.phrases['repeat-request']);
  }

  /** Ends the call, for whatever reason; only the first one counts. */
  end(reason: EndedReason): void {
    const before = this.#state;
    if (before.phase === 'ended') return;
    this.#replies.close(reason);
    this.#state = { phase: 'ended', reason };
    this.#cancelTurnTimer?.();
    this.#cancelPhaseTimer?.();
    if (before.phase !== 'transferring') this.#stopListening();
    this.#deps.speaker.close();
    if (before.phase === 'live') before.stream.close();
    this.#deps.onEnded(reason);
    void this.#completeRecord(reason);
  }

  /** The person we dialled did not take the call: the agent has the caller back when the next stream opens. */
  transferFailed(outcome: string): void {
    if (this.#state.phase !== 'transferring') return;
    this.#record({ type: 'transfer-ended', targetId: this.#state.target.id, outcome });
    this.#listener = this.#deps.createListener((event) => this.#onListenerEvent(event));
    this.#listener.start();
    this.awaitStream();
  }

  transferAnswered(): void {
    if (this.#state.phase !== 'transferring') return;
    this.#record({ type: 'transfer-ended', targetId: this.#state.target.id, outcome: 'answered' });
    this.end('transferred');
  }

  // ── what comes in ──

  #onStreamEvent(stream: MediaStream, event: MediaStreamEvent): void {
    if (this.#state.phase !== 'live' || this.#state.stream !== stream) return;
    switch (event.type) {
      case 'media': {
        this.#lastFrameAtMs = this.#deps.clock.nowMs();
        const offsetMs = this.#streamStartOffsetMs + event.offsetMs;
        this.#deps.recorder?.caller(event.mulaw, offsetMs);
        this.#listener.hear(event.mulaw, offsetMs);
        return;
      }
      case 'mark':
        this.#deps.speaker.onMark(event.name);
        return;
      case 'digit':
        this.#record({ type: 'digit-pressed', digit: event.digit, offsetMs: this.offsetMs() });
        this.#tell(event);
        return;
      case 'stop':
        this.end('caller-hung-up');
        return;
      case 'closed':
        this.#detach(this.#state.generation);
        return;
      default:
        event satisfies never;
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

  #onRepliesEvent(event: RepliesEvent): void {
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
    if (this.#state.phase === 'ended') return;
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
    if (deadlineMs === undefined || this.#state.phase === 'ended') return;
    const delayMs = deadlineMs - this.#deps.clock.nowMs();
    this.#cancelTurnTimer = this.#deps.clock.after(delayMs, () => this.#tell({ type: 'timer' }));
  }

  #perform(decision: TurnDecision): void {
    if (this.#state.phase === 'ended') return;
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
          offsetMs: this.offsetMs(),
        });
        return;
      case 'say':
        this.#say(decision.kind, this.#deps.phrases[phraseFor(decision)]);
        return;
      case 'say-goodbye':
        this.#sayGoodbye(decision.reason);
        return;
      default:
        decision satisfies never;
    }
  }

  #commitTurn(turn: Extract<TurnDecision, { type: 'commit-turn' }>): void {
    const nowMs = this.#deps.clock.nowMs();
    const endOffsetMs = turn.words.at(-1)?.endMs ?? this.offsetMs();
    if (turn.amendsTurn) {
      this.#amendTurn(turn.text);
    } else {
      this.#turn += 1;
      this.#deps.conversation.addCallerTurn(turn.text);
      this.#record({
        type: 'caller-turn',
        turn: this.#turn,
        text: turn.text,
        source: turn.source,
        startOffsetMs: turn.words[0]?.startMs ?? endOffsetMs,
        endOffsetMs,
        words: turn.words.map(({ text, startMs, endMs }) => ({
          text,
          startOffsetMs: startMs ?? endOffsetMs,
          endOffsetMs: endMs ?? endOffsetMs,
        })),
      });
    }
    const lastWordEndMs = turn.words.at(-1)?.endMs;
    const lastWordEndAtMs =
      lastWordEndMs === undefined || this.#mediaStartMs === undefined
        ? undefined
        : this.#mediaStartMs + lastWordEndMs;
    this.#replies.answer(this.#turn, { atMs: nowMs, lastWordEndAtMs }, turn.useSpeculation);
  }

  #amendTurn(text: string): void {
    this.#deps.conversation.amendCallerTurn(text);
    this.#record({ type: 'caller-turn-amended', turn: this.#turn, text });
  }

  #say(kind: 'reprompt' | 'repeat-request' | 'apology' | 'wrap-up', text: string): void {
    this.#replies.say(kind, this.#turn, text);
  }

  #sayGoodbye(reason: 'silence' | 'max-duration'): void {
    this.#endingReason = reason;
    this.#tell({ type: 'ending' });
    const phrase = reason === 'silence' ? 'goodbye-silence' : 'goodbye-max-duration';
    this.#replies.say('goodbye', this.#turn, this.#deps.phrases[phrase], [{ type: 'end-call' }]);
  }

  /** Neither ears nor voice are left: say so with ready audio, then give the caller to a person, or hang up [F8]. */
  #vendorsFailed(): void {
    if (this.#endingReason === 'vendors-failed') return;
    this.#endingReason = 'vendors-failed';
    this.#tell({ type: 'ending' });
    const target = this.#deps.line.agent.transferTargets[0];
    const action: CallAction = target ? { type: 'transfer', targetId: target.id } : { type: 'end-call' };
    this.#replies.say('goodbye', this.#turn, this.#deps.phrases['vendors-failed'], [action]);
  }

  // ── what follows a reply ──

  #act(action: CallAction): void {
    switch (action.type) {
      case 'end-call':
        this.end(this.#endingReason ?? 'agent-said-goodbye');
        return;
      case 'transfer': {
        const target = this.#deps.line.agent.transferTargets.find(({ id }) => id === action.targetId);
        if (target !== undefined) this.#startTransfer(target);
        return;
      }
      default:
        action satisfies never;
    }
  }

  /** Closing the stream makes the carrier ask what follows; the answer is to dial the person. */
  #startTransfer(target: TransferTarget): void {
    if (this.#state.phase !== 'live') return;
    const { stream, generation } = this.#state;
    this.#record({ type: 'transfer-started', targetId: target.id, phone: target.phone });
    this.#state = { phase: 'transferring', generation, target };
    this.#tell({ type: 'transfer-started' });
    this.#replies.close('transfer');
    this.#stopListening();
    stream.close();
    this.#armPhaseTimer(TRANSFER_DEADLINE_MS, 'transport-lost');
  }

  #comeBackFromTransfer(): void {
    this.#tell({ type: 'transfer-failed' });
    this.#say('repeat-request', this.#deps.phrases['transfer-failed']);
  }

  // ── the stream's own troubles ──

  /** A stream that broke without a `stop`: the carrier follows our instructions and may ask for another one [F9]. */
  #detach(generation: number): void {
    this.#replies.interrupt('transport-lost');
    this.#state = { phase: 'detached', generation };
    this.#armPhaseTimer(REATTACH_DEADLINE_MS, 'transport-lost');
  }

  /** The carrier asks for instructions again: it will open another stream. */
  awaitStream(): void {
    if (this.#state.phase !== 'ended') this.#armPhaseTimer(STREAM_DEADLINE_MS, 'transport-lost');
  }

  #watchForIdle(stream: MediaStream): void {
    this.#lastFrameAtMs = this.#deps.clock.nowMs();
    this.#armIdleTimer(stream, IDLE_DEADLINE_MS);
  }

  #armIdleTimer(stream: MediaStream, delayMs: number): void {
    this.#cancelPhaseTimer?.();
    this.#cancelPhaseTimer = this.#deps.clock.after(delayMs, () => {
      if (this.#state.phase !== 'live' || this.#state.stream !== stream) return;
      const quietMs = this.#deps.clock.nowMs() - this.#lastFrameAtMs;
      if (quietMs < IDLE_DEADLINE_MS) this.#armIdleTimer(stream, IDLE_DEADLINE_MS - quietMs);
      else void this.#checkAtCarrier(stream);
    });
  }

  /** A quiet stream of a live call is worth waiting for; that of a finished one is not [F10]. */
  async #checkAtCarrier(stream: MediaStream): Promise<void> {
    const isLive = await this.#deps.isLiveAtCarrier().catch(() => false);
    if (this.#state.phase !== 'live' || this.#state.stream !== stream) return;
    const quietMs = this.#deps.clock.nowMs() - this.#lastFrameAtMs;
    if (quietMs < IDLE_DEADLINE_MS) this.#armIdleTimer(stream, IDLE_DEADLINE_MS - quietMs);
    else if (isLive && quietMs < IDLE_LIMIT_MS) this.#armIdleTimer(stream, IDLE_DEADLINE_MS);
    else this.end('transport-idle');
  }

  #armPhaseTimer(delayMs: number, reason: EndedReason): void {
    this.#cancelPhaseTimer?.();
    this.#cancelPhaseTimer = this.#deps.clock.after(delayMs, () => this.end(reason));
  }

  #stopListening(): void {
    this.#deps.usage.listened(this.#listener.sttSeconds);
    this.#listener.close();
  }

  // ── the record ──

  #record(event: CallEvent): void {
    this.#deps.usage.recorded(event);
    this.#deps.observe(event);
    this.#deps.journal.append(event);
  }

  async #completeRecord(reason: EndedReason): Promise<void> {
    const { journal, recorder, speaker, usage } = this.#deps;
    const durationMs = Math.round(this.offsetMs());
    const sttVendor = this.#listener.vendor;
    const recording = await recorder?.close();
    if (recording !== undefined) this.#record({ type: 'recording-stored', ...recording });
    const { characters: ttsCharacters, vendor: ttsVendor } = speaker;
    const callSeconds = durationMs / 1000;
    this.#record({
      type: 'call-ended',
      reason,
      durationMs,
      usage: usage.total({ callSeconds, sttVendor, ttsVendor, ttsCharacters }),
    });
    await journal.close();
    this.#finished.resolve();
  }
}

function phraseFor(say: Extract<TurnDecision, { type: 'say' }>): PhraseName {
  if (say.kind !== 'reprompt') return say.kind;
  return say.attempt === 1 ? 'reprompt-1' : 'reprompt-2';
}
