import type { CallEvent } from '../../business/record/calls/call-event.ts';
import type { Conversation } from '../../agent/conversation.ts';
import type { Agent, ReplyPart } from '../../agent/reply-part.ts';
import type { PhraseName } from '../../agent/prompt/phrases.ts';
import type { CallAction } from '../../agent/tools/tool.ts';
import type { Clock } from '../../platform/process/clock.ts';
import { newId } from '../../platform/data/ids.ts';
import type { ReplyId } from '../../business/tenancy/references/ids.ts';
import type { MediaMs } from '../clocks.ts';
import { ReplyTimeline } from './timeline.ts';
import type { HeardReply, SpokenReply, SpokenReplyEvent } from './spoken-reply.ts';
import type { ReplyKind, TurnEvent } from '../turn/turn-event.ts';

/** What replies tell the session: turn events, what must happen once a reply was heard, and the end of all voices. */
export type RepliesEvent =
  | Extract<
      TurnEvent,
      {
        type:
          | 'reply-started'
          | 'reply-text'
          | 'reply-audible'
          | 'reply-finished'
          | 'reply-failed'
          | 'tool-started'
          | 'tool-ended';
      }
    >
  | { readonly type: 'reply-actions'; readonly actions: readonly CallAction[] }
  | { readonly type: 'voices-exhausted' };

export interface RepliesDeps {
  readonly agent: Agent;
  readonly conversation: Conversation;
  readonly speaker: {
    begin(replyId: string, options: { held: boolean }, emit: (event: SpokenReplyEvent) => void): SpokenReply;
  };
  readonly phrases: Readonly<Record<PhraseName, string>>;
  /** Ready audio of a text, if it was made. */
  readonly findAudio: (text: string) => Uint8Array | undefined;
  readonly record: (event: CallEvent) => void;
  readonly clock: Clock;
  readonly offsetMs: () => MediaMs;
  readonly emit: (event: RepliesEvent) => void;
}

/** When the caller's turn ended, for the latency of the answer. Monotonic. */
export interface TurnEnd {
  readonly atMs: number;
  readonly lastWordEndAtMs: number | undefined;
}

interface RunningReply {
  readonly id: ReplyId;
  readonly kind: ReplyKind;
  readonly turn: number;
  readonly spoken: SpokenReply;
  readonly timeline: ReplyTimeline;
  readonly abort: AbortController;
  readonly committed: Promise<void>;
  readonly commit: () => void;
  readonly actions: CallAction[];
  startOffsetMs: MediaMs | undefined;
  discardedBecause: string | undefined;
  hasText: boolean;
  outputTokens: number;
}

/**
 * The agent's replies of one call. One owner of the one current reply: whatever replaces it closes it first, so a
 * superseded reply can neither speak nor be forgotten by the record. Beside it at most one speculative reply is held.
 */
export class Replies {
  readonly #deps: RepliesDeps;
  #current: RunningReply | undefined;
  #speculation: RunningReply | undefined;

  constructor(deps: RepliesDeps) {
    this.#deps = deps;
  }

  /** Starts the answer to a committed turn, or releases the held one. */
  answer(turn: number, turnEnd: TurnEnd, useSpeculation: boolean): void {
    const held = useSpeculation ? this.#speculation : undefined;
    if (held === undefined) this.discardSpeculation('not used');
    this.#speculation = undefined;
    this.#closeCurrent('superseded');
    const reply = held ?? this.#begin('answer', turn, false);
    reply.timeline.turnEnded(turnEnd.atMs, turnEnd.lastWordEndAtMs);
    this.#makeCurrent(reply);
    reply.commit();
    if (held === undefined) this.#run(reply, undefined);
    else held.spoken.release();
  }

  /** Starts a reply to what the caller has said so far; its text is held and its tools wait. */
  speculate(turn: number, text: string): void {
    this.discardSpeculation('superseded');
    this.#speculation = this.#begin('answer', turn, true);
    this.#run(this.#speculation, text);
  }

  discardSpeculation(reason: string): void {
    const held = this.#speculation;
    if (held === undefined) return;
    this.#speculation = undefined;
    held.discardedBecause = reason;
    this.#cut(held, reason);
  }

  /** Says a ready text: the greeting, a reprompt, an apology. `actions` follow when it has been heard. */
  say(kind: ReplyKind, turn: number, text: string, actions: readonly CallAction[] = []): void {
    this.#closeCurrent('superseded');
    const reply = this.#begin(kind, turn, false);
    reply.actions.push(...actions);
    this.#makeCurrent(reply);
    this.#sayPhrase(reply, text);
    reply.spoken.endText();
  }

  pause(): void {
    this.#current?.spoken.pause();
  }

  resume(): void {
    const reply = this.#current;
    if (reply === undefined) return;
    this.#deps.record({ type: 'reply-resumed', replyId: reply.id, heardMs: reply.spoken.heard().heardMs });
    reply.spoken.resume();
  }

  /** The caller cuts the current reply. A promised transfer is not undone by talking over it [F33]; a goodbye is. */
  interrupt(cause: string): void {
    const transfers = this.#current?.actions.filter(({ type }) => type === 'transfer') ?? [];
    this.#closeCurrent(cause);
    if (transfers.length > 0) this.#deps.emit({ type: 'reply-actions', actions: transfers });
  }

  close(reason: string): void {
    this.discardSpeculation(reason);
    this.#closeCurrent(reason);
  }

  /** Cuts the current reply and puts on record what was heard of it. */
  #closeCurrent(cause: string): void {
    if (this.#current !== undefined) this.#close(this.#current, this.#cut(this.#current, cause), cause);
  }

  #begin(kind: ReplyKind, turn: number, held: boolean): RunningReply {
    const id = newId('rpl');
    const { promise: committed, resolve: commit } = Promise.withResolvers<void>();
    const reply: RunningReply = {
      id,
      kind,
      turn,
      spoken: this.#deps.speaker.begin(id, { held }, (event) => this.#onSpoken(reply, event)),
      timeline: new ReplyTimeline(),
      abort: new AbortController(),
      committed,
      commit,
      actions: [],
      startOffsetMs: undefined,
      discardedBecause: undefined,
      hasText: false,
      outputTokens: 0,
    };
    return reply;
  }

  #makeCurrent(reply: RunningReply): void {
    this.#current = reply;
    this.#deps.conversation.beginReply(reply.id);
    this.#deps.emit({ type: 'reply-started', replyId: reply.id, kind: reply.kind });
  }

  #run(reply: RunningReply, speculativeText: string | undefined): void {
    const request = { turn: reply.turn, committed: reply.committed, signal: reply.abort.signal };
    void this.#deps.agent
      .reply(
        { ...request, replyId: reply.id, ...(speculativeText === undefined ? {} : { speculativeText }) },
        (part) => this.#onPart(reply, part),
      )
      .then(() => this.#recordDiscarded(reply));
  }

  #isOpen(reply: RunningReply): boolean {
    return reply === this.#current || reply === this.#speculation;
  }

  /** Tools and usage go on record even when the reply was cut: what was done was done. */
  #onPart(reply: RunningReply, part: ReplyPart): void {
    const nowMs = this.#deps.clock.nowMs();
    switch (part.type) {
      case 'model-requested':
        reply.timeline.modelRequested(nowMs);
        return;
      case 'text-delta':
        reply.timeline.tokenReceived(nowMs);
        if (!this.#isOpen(reply)) return;
        reply.hasText = true;
        reply.spoken.pushText(part.text);
        return;
      case 'filler':
        if (this.#isOpen(reply)) this.#sayPhrase(reply, this.#deps.phrases[part.phrase]);
        return;
      case 'filler-text':
        if (this.#isOpen(reply)) this.#sayPhrase(reply, part.text);
        return;
      case 'tool-started':
        this.#deps.record({
          type: 'tool-called',
          toolCallId: part.toolCallId,
          turn: reply.turn,
          tool: part.tool,
          arguments: part.arguments,
          offsetMs: this.#deps.offsetMs(),
        });
        this.#deps.emit({ type: 'tool-started' });
        return;
      case 'tool-ended': {
        const { type, ...outcome } = part;
        this.#deps.record({ type, turn: reply.turn, ...outcome });
        this.#deps.emit({ type });
        return;
      }
      case 'action':
        reply.actions.push(part.action);
        return;
      case 'model-used':
        reply.outputTokens += part.outputTokens;
        this.#deps.record(part);
        return;
      case 'fault':
        this.#deps.record({ ...part, gapMs: undefined });
        return;
      case 'end':
        this.#onAgentEnded(reply, part.outcome);
        return;
      default:
        part satisfies never;
    }
  }

  /** A reply that has nothing to say and nothing to do would be silence: that counts as failed. */
  #onAgentEnded(reply: RunningReply, outcome: 'completed' | 'failed'): void {
    if (!this.#isOpen(reply)) return;
    const isMute = !reply.hasText && reply.actions.length === 0;
    if (outcome === 'failed' || isMute) this.#fail(reply);
    else reply.spoken.endText();
  }

  #onSpoken(reply: RunningReply, event: SpokenReplyEvent): void {
    const nowMs = this.#deps.clock.nowMs();
    switch (event.type) {
      case 'voice-requested':
        reply.timeline.voiceRequested(nowMs);
        return;
      case 'voice-answered':
        reply.timeline.voiceAnswered(nowMs);
        return;
      case 'text-chunk':
        this.#deps.emit({ type: 'reply-text', replyId: reply.id, text: event.text });
        return;
      case 'audible':
        reply.timeline.audible(nowMs);
        reply.startOffsetMs ??= this.#deps.offsetMs();
        this.#deps.emit({ type: 'reply-audible', replyId: reply.id });
        return;
      case 'finished':
        this.#finish(reply);
        return;
      case 'failed':
        this.#fail(reply);
        return;
      case 'fault':
        this.#deps.record(event);
        if (event.kind === 'tts.exhausted') this.#deps.emit({ type: 'voices-exhausted' });
        return;
      default:
        event satisfies never;
    }
  }

  #sayPhrase(reply: RunningReply, text: string): void {
    reply.hasText = true;
    reply.spoken.pushPhrase(text, this.#deps.findAudio(text));
  }

  #finish(reply: RunningReply): void {
    if (reply !== this.#current) return;
    this.#close(reply, reply.spoken.heard(), undefined);
    this.#deps.emit({ type: 'reply-finished', replyId: reply.id });
    this.#act(reply);
  }

  #fail(reply: RunningReply): void {
    if (reply === this.#speculation) {
      // Nothing was promised yet: the committed turn will start a fresh reply.
      this.discardSpeculation('failed');
      return;
    }
    if (reply !== this.#current) return;
    this.#close(reply, this.#cut(reply, 'failed'), 'failed');
    this.#deps.emit({ type: 'reply-failed', replyId: reply.id });
    // A goodbye that no voice can say is still the end of the call.
    this.#act(reply);
  }

  #act({ actions }: RunningReply): void {
    if (actions.length > 0) this.#deps.emit({ type: 'reply-actions', actions });
  }

  #cut(reply: RunningReply, reason: string): HeardReply {
    const heard = reply.spoken.interrupt();
    reply.abort.abort(reason);
    return heard;
  }

  #close(reply: RunningReply, heard: HeardReply, cause: string | undefined): void {
    this.#current = undefined;
    const interrupted = cause !== undefined && !heard.complete;
    this.#deps.conversation.endReply(reply.id, heard.heardText, { interrupted });
    const endOffsetMs = this.#deps.offsetMs();
    this.#deps.record({
      type: 'reply-ended',
      replyId: reply.id,
      turn: reply.turn,
      kind: reply.kind,
      generatedText: heard.generatedText,
      heardText: heard.heardText,
      heardMs: heard.heardMs,
      interrupted,
      interruptionCause: interrupted ? cause : undefined,
      startOffsetMs: reply.startOffsetMs ?? endOffsetMs,
      endOffsetMs,
      words: heard.words,
      latency: reply.timeline.latency(),
    });
  }

  #recordDiscarded({ turn, discardedBecause: reason, outputTokens }: RunningReply): void {
    if (reason !== undefined)
      this.#deps.record({ type: 'speculation-discarded', turn, reason, outputTokens });
  }
}
