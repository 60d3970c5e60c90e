import type { Agent, Conversation, ReplyPart } from '../../agent/agent.ts';
import type { PhraseName } from '../../agent/prompt/prompt.ts';
import type { CallAction } from '../../agent/tools/tools.ts';
import type { CallEvent } from '../../business/record/calls/calls.ts';
import type { ReplyId } from '../../business/tenancy/ids/ids.ts';
import { newId } from '../../platform/data/ids.ts';
import type { Clock } from '../../platform/process/clock.ts';
import type { MediaMs } from '../clocks.ts';
import type { ReplyKind } from '../turn/turn.ts';
import type { AnswerEvent } from './answer-event.ts';
import { AnswerTimeline } from './answer-timeline.ts';
import type { HeardSpeech } from './heard-text.ts';
import type { SpeechEvent } from './speech-events.ts';
import type { AnswerSpeech } from './speech.ts';

export interface AnswerDeps {
  readonly agent: Agent;
  readonly conversation: Conversation;
  readonly speaker: {
    begin(options: { readonly held: boolean }, emit: (event: SpeechEvent) => void): AnswerSpeech;
  };
  readonly phrases: Readonly<Record<PhraseName, string>>;
  /** Pre-synthesised audio of a text, if there is some. */
  readonly findAudio: (text: string) => Uint8Array | undefined;
  readonly record: (event: CallEvent) => void;
  readonly clock: Clock;
  readonly offsetMs: () => MediaMs;
  readonly emit: (event: AnswerEvent) => void;
}

/** When the caller's turn ended, for the latency of the answer. Monotonic. */
export interface TurnEnd {
  readonly atMs: number;
  readonly lastWordEndAtMs: number | undefined;
}

interface AnswerRequest {
  readonly kind: ReplyKind;
  /** The caller turn it answers; 0 for the greeting. */
  readonly turn: number;
  /** True for a speculative answer, which is prepared but neither spoken nor allowed to run tools. */
  readonly held: boolean;
}

/**
 * One reply of the agent, generated or given as text: it is spoken, and recorded as it was heard. It is `waiting` until
 * it has the floor. Once `closed` it says nothing more, but results of its tools are still recorded.
 */
export class Answer {
  readonly #deps: AnswerDeps;
  readonly #onClosed: (answer: Answer) => void;
  readonly #id: ReplyId = newId('rpl');
  readonly #kind: ReplyKind;
  readonly #turn: number;
  readonly #speech: AnswerSpeech;
  readonly #timeline = new AnswerTimeline();
  readonly #abort = new AbortController();
  readonly #turnOver = Promise.withResolvers<void>();
  readonly #actions: CallAction[] = [];
  #state: 'waiting' | 'current' | 'closed' = 'waiting';
  #startOffsetMs: MediaMs | undefined;
  #hasText = false;
  #outputTokens = 0;
  #discardedBecause: string | undefined;

  /** `onClosed` is called once, however the answer ends, before an event about the end is emitted. */
  constructor(deps: AnswerDeps, { kind, turn, held }: AnswerRequest, onClosed: (answer: Answer) => void) {
    this.#deps = deps;
    this.#onClosed = onClosed;
    this.#kind = kind;
    this.#turn = turn;
    this.#speech = deps.speaker.begin({ held }, (event) => this.#onSpeech(event));
  }

  get state(): 'waiting' | 'current' | 'closed' {
    return this.#state;
  }

  /** The transfers among its actions, which a barge-in does not cancel [F33]. */
  get transfers(): readonly CallAction[] {
    return this.#actions.filter(({ type }) => type === 'transfer');
  }

  /** Lets the agent reply to the conversation. `speculativeText` is what the caller has said of an unfinished turn. */
  ask(speculativeText?: string): void {
    const request = {
      replyId: this.#id,
      turn: this.#turn,
      committed: this.#turnOver.promise,
      signal: this.#abort.signal,
      ...(speculativeText === undefined ? {} : { speculativeText }),
    };
    void this.#deps.agent.reply(request, (part) => this.#onPart(part)).then(() => this.#recordDiscarded());
  }

  /** After the commit of the caller's turn the answer has the floor, and its tools may run. */
  commit(turnEnd: TurnEnd): void {
    this.#timeline.turnEnded(turnEnd.atMs, turnEnd.lastWordEndAtMs);
    this.#takeFloor();
    this.#turnOver.resolve();
  }

  /** Starts to speak a held answer. */
  release(): void {
    this.#speech.release();
  }

  /** Says a given text; `actions` follow when it has been heard. */
  say(text: string, actions: readonly CallAction[]): void {
    this.#actions.push(...actions);
    this.#takeFloor();
    this.#sayPhrase(text);
    this.#speech.endText();
  }

  pause(): void {
    this.#speech.pause();
  }

  resume(): void {
    const { heardMs } = this.#speech.heard();
    this.#deps.record({ type: 'reply-resumed', replyId: this.#id, heardMs });
    this.#speech.resume();
  }

  /** Interrupts the answer, and records what was heard of it. */
  close(cause: string): void {
    if (this.#state !== 'closed') this.#close(this.#cut(cause), cause);
  }

  /** Drops an answer that never had the floor; its tokens are recorded once they are known. */
  discard(reason: string): void {
    if (this.#state !== 'waiting') return;
    this.#state = 'closed';
    this.#onClosed(this);
    this.#discardedBecause = reason;
    this.#cut(reason);
  }

  #takeFloor(): void {
    this.#state = 'current';
    this.#deps.conversation.beginReply(this.#id);
    this.#deps.emit({ type: 'reply-started', replyId: this.#id, kind: this.#kind });
  }

  // ── events of the agent ──

  /** Tool results and usage are recorded even if the answer was interrupted, because they are facts. */
  #onPart(part: ReplyPart): void {
    switch (part.type) {
      case 'model-requested':
        this.#timeline.modelRequested(this.#deps.clock.nowMs());
        return;
      case 'text-delta':
        this.#onText(part.text);
        return;
      case 'filler':
        this.#sayPhrase(this.#deps.phrases[part.phrase]);
        return;
      case 'filler-text':
        this.#sayPhrase(part.text);
        return;
      case 'tool-started':
      case 'tool-ended':
        this.#onTool(part);
        return;
      case 'action':
        this.#actions.push(part.action);
        return;
      case 'model-used':
        this.#outputTokens += part.outputTokens;
        this.#deps.record(part);
        return;
      case 'fault':
        this.#deps.record({ ...part, gapMs: undefined });
        return;
      case 'end':
        this.#onAgentEnded(part.outcome);
        return;
      default:
        part satisfies never;
    }
  }

  #onText(delta: string): void {
    this.#timeline.tokenReceived(this.#deps.clock.nowMs());
    if (this.#state === 'closed') return;
    this.#hasText = true;
    this.#speech.pushText(delta);
  }

  #sayPhrase(text: string): void {
    if (this.#state === 'closed') return;
    this.#hasText = true;
    this.#speech.pushPhrase(text, this.#deps.findAudio(text));
  }

  #onTool(part: Extract<ReplyPart, { type: 'tool-started' | 'tool-ended' }>): void {
    const turn = this.#turn;
    if (part.type === 'tool-started') {
      const { toolCallId, tool, arguments: args } = part;
      const offsetMs = this.#deps.offsetMs();
      this.#deps.record({ type: 'tool-called', toolCallId, turn, tool, arguments: args, offsetMs });
    } else {
      this.#deps.record({ turn, ...part });
    }
    this.#deps.emit({ type: part.type });
  }

  /** An answer without text and actions would be silence, and counts as failed. */
  #onAgentEnded(outcome: 'completed' | 'failed'): void {
    if (this.#state === 'closed') return;
    const isMute = !this.#hasText && this.#actions.length === 0;
    if (outcome === 'failed' || isMute) this.#fail();
    else this.#speech.endText();
  }

  // ── events of its speech ──

  #onSpeech(event: SpeechEvent): void {
    const nowMs = this.#deps.clock.nowMs();
    switch (event.type) {
      case 'voice-requested':
        this.#timeline.voiceRequested(nowMs);
        return;
      case 'voice-answered':
        this.#timeline.voiceAnswered(nowMs);
        return;
      case 'text-chunk':
        this.#deps.emit({ type: 'reply-text', replyId: this.#id, text: event.text });
        return;
      case 'audible':
        this.#timeline.audible(nowMs);
        this.#startOffsetMs ??= this.#deps.offsetMs();
        this.#deps.emit({ type: 'reply-audible', replyId: this.#id });
        return;
      case 'fault':
        this.#deps.record(event);
        if (event.kind === 'tts.exhausted') this.#deps.emit({ type: 'voices-exhausted' });
        return;
      case 'closed':
        if (event.outcome === 'finished') this.#finish();
        else this.#fail();
        return;
      default:
        event satisfies never;
    }
  }

  // ── end of the answer ──

  #finish(): void {
    if (this.#state !== 'current') return;
    this.#close(this.#speech.heard(), undefined);
    this.#deps.emit({ type: 'reply-finished', replyId: this.#id });
    this.#act();
  }

  #fail(): void {
    // Nothing was spoken yet; the committed turn will request a new answer.
    if (this.#state === 'waiting') this.discard('failed');
    if (this.#state !== 'current') return;
    this.#close(this.#cut('failed'), 'failed');
    this.#deps.emit({ type: 'reply-failed', replyId: this.#id });
    // A goodbye that no voice can say still ends the call.
    this.#act();
  }

  #act(): void {
    if (this.#actions.length > 0) this.#deps.emit({ type: 'reply-actions', actions: this.#actions });
  }

  #cut(reason: string): HeardSpeech {
    this.#speech.close();
    const heard = this.#speech.heard();
    this.#abort.abort(reason);
    return heard;
  }

  #close(heard: HeardSpeech, cause: string | undefined): void {
    this.#state = 'closed';
    this.#onClosed(this);
    const interrupted = cause !== undefined && !heard.complete;
    this.#deps.conversation.endReply(this.#id, heard.heardText, { interrupted });
    const endOffsetMs = this.#deps.offsetMs();
    this.#deps.record({
      type: 'reply-ended',
      replyId: this.#id,
      turn: this.#turn,
      kind: this.#kind,
      generatedText: heard.generatedText,
      heardText: heard.heardText,
      heardMs: heard.heardMs,
      interrupted,
      interruptionCause: interrupted ? cause : undefined,
      startOffsetMs: this.#startOffsetMs ?? endOffsetMs,
      endOffsetMs,
      words: heard.words,
      latency: this.#timeline.latency(),
    });
  }

  #recordDiscarded(): void {
    const reason = this.#discardedBecause;
    if (reason === undefined) return;
    this.#deps.record({
      type: 'speculation-discarded',
      turn: this.#turn,
      reason,
      outputTokens: this.#outputTokens,
    });
  }
}
