import type { Agent, Conversation } from '../agent/agent.ts';
import type { PhraseName } from '../agent/prompt/prompt.ts';
import type { CallAction } from '../agent/tools/tools.ts';
import type { CallEvent, CallServices, EndedReason } from '../business/record/calls/calls.ts';
import type { Line } from '../business/line/directory/directory.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { CallId, CallSid } from '../business/tenancy/ids/ids.ts';
import { CallConnection, type ConnectionEvent } from './call-connection.ts';
import type { CallState } from './call-state.ts';
import { CallerTurns } from './caller-turns.ts';
import type { Journal } from './journal/journal.ts';
import type { Listener, ListenerEvent } from './listening/listening.ts';
import type { CallRecorder } from './recording/recording.ts';
import { RecordWriter } from './record-writer.ts';
import { type AnswerEvent, Replies, type Speaker } from './reply/reply.ts';
import type { MediaStream } from './transport/transport.ts';
import { TurnPerformer } from './turn-performer.ts';
import { TurnRunner } from './turn-runner.ts';

export interface CallSessionDeps {
  readonly callId: CallId;
  readonly callSid: CallSid;
  /** E.164, or undefined when withheld. */
  readonly from: string | undefined;
  readonly line: Line;
  /** Vendors at the start of the call; a failover is recorded as a fault. */
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
  /** Called exactly once, synchronously, when the call has closed; its record is completed afterwards. */
  readonly onClosed: (reason: EndedReason) => void;
}

/**
 * One phone call: owns its parts, dispatches events to the turn machine and carries out its decisions. Created when the
 * phone rings, so that the vendors are connected when the stream opens.
 */
export class CallSession {
  readonly callId: CallId;
  readonly line: Line;
  readonly from: string | undefined;
  readonly startedAt: Date;
  readonly #deps: CallSessionDeps;
  readonly #record: RecordWriter;
  readonly #connection: CallConnection;
  readonly #turnTaking: TurnRunner;
  readonly #performer: TurnPerformer;
  readonly #replies: Replies;
  readonly #closed = Promise.withResolvers<void>();
  #listener: Listener;
  #isClosed = false;

  constructor(deps: CallSessionDeps) {
    this.#deps = deps;
    const { clock, line } = deps;
    this.callId = deps.callId;
    this.line = line;
    this.from = deps.from;
    this.startedAt = clock.date();
    this.#record = new RecordWriter(deps);
    this.#connection = new CallConnection({
      ...deps,
      emit: this.#contained((event) => this.#onConnectionEvent(event)),
    });
    this.#turnTaking = new TurnRunner({
      settings: line.agent.turnTaking,
      language: line.agent.language,
      clock,
      perform: (decision) => this.#performer.perform(decision),
      onTimer: this.#contained((run) => run()),
    });
    const shared = {
      ...deps,
      record: (event: CallEvent) => this.#record.append(event),
      offsetMs: () => this.#connection.offsetMs(),
    };
    this.#replies = new Replies({
      ...shared,
      emit: this.#contained((event) => this.#onAnswerEvent(event)),
    });
    this.#performer = new TurnPerformer({
      ...shared,
      replies: this.#replies,
      callerTurns: new CallerTurns({ ...shared, mediaClock: this.#connection }),
      transferTargets: line.agent.transferTargets,
      configureRecogniser: (endpointing) => this.#listener.configure(endpointing),
      dispatch: (event) => this.#turnTaking.dispatch(event),
    });
    this.#record.append(formatStart(deps));
    this.#listener = this.#startListening();
    deps.speaker.start();
  }

  get state(): CallState {
    return this.#connection.state;
  }

  /** Resolves when the record of the closed call is complete on disk. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  attach(stream: MediaStream): void {
    this.#connection.attach(stream);
  }

  /** Whether the carrier, which asks for instructions, shall open another stream. */
  awaitStream(): boolean {
    return this.#connection.awaitStream();
  }

  transferAnswered(): void {
    if (this.#recordTransferOutcome('answered')) this.close('transferred');
  }

  /** The transfer target did not answer. The agent continues when the next stream opens. */
  transferFailed(outcome: string): void {
    if (!this.#recordTransferOutcome(outcome)) return;
    // The agent was already ending the call [F8] and cannot continue it.
    if (this.#performer.endingReason !== undefined) this.close(this.#performer.endingReason);
    else this.#listener = this.#startListening();
  }

  /** Ends the call. Only the first reason counts. */
  close(reason: EndedReason): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#replies.close(reason);
    this.#connection.close(reason);
    this.#turnTaking.close();
    this.#stopListening();
    this.#deps.speaker.close();
    this.#deps.onClosed(reason);
    void this.#completeRecord(reason);
  }

  async #completeRecord(reason: EndedReason): Promise<void> {
    const { speaker } = this.#deps;
    await this.#record.close({
      reason,
      durationMs: Math.round(this.#connection.offsetMs()),
      sttVendor: this.#listener.vendor,
      ttsVendor: speaker.vendor,
      ttsCharacters: speaker.characters,
    });
    this.#closed.resolve();
  }

  /** An unexpected error ends this call and is logged; it must not affect other calls of the process. */
  #contained<Args extends readonly unknown[]>(handle: (...args: Args) => void): (...args: Args) => void {
    return (...args) => {
      try {
        handle(...args);
      } catch (error) {
        this.#deps.onError(error);
        this.close('internal-error');
      }
    };
  }

  // ── incoming events ──

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
        this.#record.append({
          type: 'digit-pressed',
          digit: event.digit,
          offsetMs: this.#connection.offsetMs(),
        });
        this.#turnTaking.dispatch(event);
        return;
      case 'stream-opened':
        this.#onStreamOpened(event);
        return;
      case 'stream-broken':
        this.#replies.interrupt('transport-lost');
        return;
      case 'closed':
        this.close(event.reason);
        return;
      default:
        event satisfies never;
    }
  }

  #onStreamOpened(event: Extract<ConnectionEvent, { type: 'stream-opened' }>): void {
    const { stream, generation, after } = event;
    this.#record.append({ type: 'stream-opened', streamSid: stream.streamSid, generation });
    this.#deps.speaker.attach(stream, this.#connection);
    switch (after) {
      case 'ringing':
        this.#turnTaking.dispatch({ type: 'stream-opened' });
        return;
      case 'transferring':
        this.#turnTaking.dispatch({ type: 'transfer-failed' });
        this.#performer.say('repeat-request', 'transfer-failed');
        return;
      case 'detached':
        this.#performer.say('repeat-request', 'repeat-request');
        return;
      case 'live':
        // The call has moved to another stream; the speaker resumes at the first unheard sample.
        return;
      default:
        after satisfies never;
    }
  }

  #onListenerEvent(event: ListenerEvent): void {
    if (event.type !== 'fault') {
      this.#turnTaking.dispatch(event);
      return;
    }
    this.#record.append(event);
    if (event.kind === 'stt.exhausted') this.#performer.sayLast('vendors-failed');
  }

  #onAnswerEvent(event: AnswerEvent): void {
    switch (event.type) {
      case 'reply-actions':
        for (const action of event.actions) this.#act(action);
        return;
      case 'voices-exhausted':
        this.#performer.sayLast('vendors-failed');
        return;
      default:
        this.#turnTaking.dispatch(event);
    }
  }

  // ── actions after a reply ──

  #act(action: CallAction): void {
    switch (action.type) {
      case 'end-call':
        this.close(this.#performer.endingReason ?? 'agent-said-goodbye');
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
    this.#record.append({ type: 'transfer-started', targetId, phone: target.phone });
    this.#turnTaking.dispatch({ type: 'transfer-started' });
    this.#replies.close('transfer');
    this.#stopListening();
    this.#connection.transferTo(target);
  }

  #recordTransferOutcome(outcome: string): boolean {
    if (this.state.phase !== 'transferring') return false;
    this.#record.append({ type: 'transfer-ended', targetId: this.state.target.id, outcome });
    return true;
  }

  #startListening(): Listener {
    const listener = this.#deps.createListener(this.#contained((event) => this.#onListenerEvent(event)));
    listener.start();
    return listener;
  }

  #stopListening(): void {
    if (this.#listener.state === 'closed') return;
    this.#record.listened(this.#listener.sttSeconds);
    this.#listener.close();
  }
}

function formatStart({ callSid, from, line, services }: CallSessionDeps): CallEvent {
  return {
    type: 'call-started',
    callSid,
    from: from ?? '',
    to: line.number,
    numberId: line.numberId,
    agentId: line.agentId,
    agentVersionId: line.agentVersionId,
    direction: 'inbound',
    services,
  };
}
