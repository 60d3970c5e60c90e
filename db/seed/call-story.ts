import { randomBytes } from 'node:crypto';
import type { CallEvent, CallRecord, EndedReason, TimedWord } from '../../src/business/record/calls/calls.ts';
import type { Line } from '../../src/business/line/directory/directory.ts';
import { newId } from '../../src/platform/data/ids.ts';
import type { CallId, CallSid } from '../../src/business/tenancy/ids/ids.ts';
import type { SeededRandom } from './seeded-random.ts';

const WORD_MS = 310;

/** The properties of a line that a made-up call needs. */
export type StoryLine = Pick<
  Line,
  'tenantId' | 'number' | 'numberId' | 'agentId' | 'agentVersionId' | 'agent'
>;

/** Builds the journal of a made-up call: events in order, with times. */
export class CallStory {
  readonly callId: CallId = newId('call');
  readonly #line: StoryLine;
  readonly #startedAt: Date;
  readonly #chance: SeededRandom;
  readonly #events: { readonly event: CallEvent; readonly offsetMs: number }[] = [];
  #offsetMs = 0;
  #turn = 0;
  #characters = 0;

  constructor(
    line: StoryLine,
    call: { readonly from: string; readonly startedAt: Date; readonly chance: SeededRandom },
  ) {
    this.#line = line;
    this.#startedAt = call.startedAt;
    this.#chance = call.chance;
    this.#tell({
      type: 'call-started',
      callSid: `CA${randomBytes(16).toString('hex')}` as CallSid,
      from: call.from,
      to: line.number,
      numberId: line.numberId,
      agentId: line.agentId,
      agentVersionId: line.agentVersionId,
      direction: 'inbound',
    });
    this.#tell({ type: 'stream-opened', streamSid: `MZ${randomBytes(16).toString('hex')}`, generation: 1 });
    this.agent(line.agent.greeting, 'greeting');
  }

  caller(text: string): this {
    this.#offsetMs += this.#chance.between(300, 900);
    const startOffsetMs = this.#offsetMs;
    const words = this.#speak(text);
    this.#turn += 1;
    this.#tell({
      type: 'caller-turn',
      turn: this.#turn,
      text,
      source: 'speech',
      startOffsetMs,
      endOffsetMs: this.#offsetMs,
      words,
    });
    this.#offsetMs += this.#chance.between(240, 420);
    return this;
  }

  /** With `heardWords` the caller interrupts after that many words. */
  agent(text: string, kind = 'answer', heardWords?: number): this {
    const thinkingMs = kind === 'greeting' ? 30 : this.#chance.between(240, 1_150);
    this.#offsetMs += thinkingMs;
    const startOffsetMs = this.#offsetMs;
    const all = text.split(' ');
    const interrupted = heardWords !== undefined && heardWords < all.length;
    const heardText = interrupted ? all.slice(0, heardWords).join(' ') : text;
    const words = this.#speak(heardText);
    this.#characters += text.length;
    this.#tell({
      type: 'reply-ended',
      replyId: newId('rpl'),
      turn: this.#turn,
      kind,
      generatedText: text,
      heardText,
      heardMs: this.#offsetMs - startOffsetMs,
      interrupted,
      interruptionCause: interrupted ? 'barge-in' : undefined,
      startOffsetMs,
      endOffsetMs: this.#offsetMs,
      words,
      latency: kind === 'answer' ? this.#latency(thinkingMs) : undefined,
    });
    return this;
  }

  tool(tool: string, args: unknown, result: unknown): this {
    const toolCallId = `call_${randomBytes(8).toString('hex')}`;
    const durationMs = this.#chance.between(6, 60);
    const shared = { toolCallId, turn: this.#turn, tool };
    this.#tell({ type: 'tool-called', ...shared, arguments: args, offsetMs: this.#offsetMs });
    this.#offsetMs += durationMs;
    this.#tell({ type: 'tool-ended', ...shared, status: 'ok', result, durationMs });
    return this;
  }

  /** The whole record, ended for this reason. */
  end(reason: EndedReason): CallRecord[] {
    const model = this.#line.agent.model.name;
    const tokens = {
      model,
      inputTokens: 1_400 * (this.#turn + 1),
      cachedTokens: 1_024 * this.#turn,
      outputTokens: Math.ceil(this.#characters / 4),
    };
    if (this.#turn > 0) this.#tell({ type: 'model-used', ...tokens, estimated: false });
    const seconds = Math.round(this.#offsetMs / 1_000);
    this.#tell({
      type: 'call-ended',
      reason,
      durationMs: Math.round(this.#offsetMs),
      usage: {
        ...tokens,
        callSeconds: seconds,
        sttSeconds: seconds,
        sttVendor: 'deepgram-flux',
        ttsCharacters: this.#characters,
        ttsVendor: 'elevenlabs',
      },
    });
    return this.#events.map(({ event, offsetMs }, index) => ({
      callId: this.callId,
      tenantId: this.#line.tenantId,
      sequence: index + 1,
      at: new Date(this.#startedAt.getTime() + Math.round(offsetMs)).toISOString(),
      event,
    }));
  }

  #speak(text: string): TimedWord[] {
    return text.split(' ').map((word) => {
      const startOffsetMs = this.#offsetMs;
      this.#offsetMs += WORD_MS;
      return { text: word, startOffsetMs, endOffsetMs: this.#offsetMs, heard: true };
    });
  }

  #latency(totalMs: number) {
    const firstTokenMs = Math.round(totalMs * 0.55);
    return {
      endpointingMs: this.#chance.between(240, 300),
      requestMs: -this.#chance.between(100, 160),
      firstTokenMs,
      firstChunkMs: this.#chance.between(30, 90),
      firstAudioMs: this.#chance.between(80, 130),
      sendMs: 1,
      totalMs,
      speculative: true,
    };
  }

  #tell(event: CallEvent): void {
    this.#events.push({ event, offsetMs: this.#offsetMs });
  }
}
