import { randomBytes } from 'node:crypto';
import { BYTES_PER_MS } from '../../src/audio/frame.ts';
import type { CallEvent } from '../call-event.ts';
import type { CallReport } from '../call-report.ts';
import { prepareCaller, type CallerEvent, type ScriptedCaller } from '../caller/scripted-caller.ts';
import type { Probe } from '../probe.ts';
import type { DialOutcome, Scenario } from '../scenario.ts';
import type { SpeechRegistry } from '../speech/heard-speech.ts';
import { synthesise } from '../speech/synthesis.ts';
import { StereoRecording } from '../wav.ts';
import { CallReporter } from './call-reporter.ts';
import { CarrierStream, type StreamEnd } from './carrier-stream.ts';
import type { FrameClock } from './frame-clock.ts';
import {
  loadDocument,
  type DocumentFailure,
  type FetchedInstructions,
  type Instructions,
} from './instructions.ts';
import { Line } from './line.ts';
import type { FormParameters } from './signature.ts';
import { StatusCallbacks, type CallStatus } from './status-callbacks.ts';
import { streamTarget } from './stream-target.ts';
import { describeVerb, type HttpMethod, type Verb } from './twiml.ts';
import type { WebhookAnswer, WebhookSender } from './webhook.ts';

export interface CallSetup {
  readonly direction: 'inbound' | 'outbound-api';
  readonly scenario: Scenario;
  readonly from: string;
  readonly to: string;
  readonly instructions: Instructions;
  readonly fallbackUrl?: string;
  readonly statusUrl?: string;
  /** A stereo WAV of both sides, as the caller heard them. */
  readonly recordTo?: string;
  /** Whether the caller understands the agent's words, which costs some work per frame. True by default. */
  readonly listensForWords?: boolean;
  readonly maxCallMs?: number;
  readonly onEvent?: (event: CallEvent) => void;
}

export interface Carrier {
  readonly accountSid: string;
  readonly sender: WebhookSender;
  readonly clock: FrameClock;
  readonly speech: SpeechRegistry;
  readonly agentSpeech: SpeechRegistry;
  /** Loopback addresses are dialled without TLS, although the instructions say wss. */
  readonly mediaWithoutTls: 'loopback' | 'never';
  readonly probe: Probe | undefined;
}

const MAX_CALL_MS = 15 * 60_000;
/** A chain of redirects longer than this is a loop. */
const MAX_DOCUMENTS = 100;
const DEFAULT_DIAL: DialOutcome = { result: 'no-answer', ringMs: 1_000 };

/** How the call continues after a verb. */
type Next =
  | { readonly type: 'next' }
  | { readonly type: 'end' }
  | { readonly type: 'go'; readonly to: Instructions };

const NEXT: Next = { type: 'next' };

/** One leg, from the first ring to the last status callback. */
export class SimulatedCall {
  readonly sid = `CA${randomBytes(16).toString('hex')}`;
  readonly startedAt = new Date();
  readonly setup: CallSetup;
  readonly events: CallEvent[] = [];
  readonly #carrier: Carrier;
  readonly #ended = new AbortController();
  readonly #callbacks: StatusCallbacks;
  #running = new AbortController();
  #replacement: Instructions | undefined;
  #caller!: ScriptedCaller;
  #reporter!: CallReporter;
  #recording: StereoRecording | undefined;
  #line: Line | undefined;
  #stream: CarrierStream | undefined;
  #status: CallStatus = 'queued';
  #endedBy: CallReport['endedBy'] = 'instructions';
  #figures = { framesSent: 0, framesLost: 0, streams: 0, marksEchoed: 0 };

  constructor(carrier: Carrier, setup: CallSetup) {
    this.#carrier = carrier;
    this.setup = setup;
    this.#callbacks = new StatusCallbacks({
      sender: carrier.sender,
      url: setup.statusUrl,
      manner: setup.scenario.carrier?.statusCallbacks,
      onSent: (url, answer) => this.#noteWebhook(url, answer),
    });
  }

  get status(): CallStatus {
    return this.#status;
  }

  get durationMs(): number {
    return this.#line?.atMs ?? 0;
  }

  async run(): Promise<CallReport> {
    const { setup, sid } = this;
    this.#caller = await prepareCaller({
      scenario: setup.scenario,
      speech: this.#carrier.speech,
      agentSpeech: setup.listensForWords === false ? undefined : this.#carrier.agentSpeech,
      onEvent: (event) => this.#callerDid(event),
    });
    this.#reporter = new CallReporter(this.#caller.ear);
    if (setup.recordTo !== undefined) this.#recording = await StereoRecording.create(setup.recordTo);
    this.#ring();
    this.#emit({ type: 'ringing', callSid: sid });
    const timeLimit = setTimeout(() => this.#end('time-limit'), setup.maxCallMs ?? MAX_CALL_MS);
    try {
      await this.#follow(setup.instructions);
    } finally {
      clearTimeout(timeLimit);
    }
    return this.#finish();
  }

  /** Ends the call, as by request. */
  complete(): void {
    this.#end('request');
  }

  /** Replaces the running instructions. */
  replace(instructions: Instructions): void {
    this.#replacement = instructions;
    this.#running.abort();
  }

  #ring(): void {
    if (this.setup.direction === 'outbound-api') {
      this.#callbacks.progressed({ status: 'initiated', parameters: this.#parameters() });
    }
    this.#status = 'ringing';
    if (this.setup.direction === 'outbound-api') {
      this.#callbacks.progressed({ status: 'ringing', parameters: this.#parameters() });
      // The person called picks up before the instructions are fetched.
      this.#answer();
    }
  }

  async #follow(first: Instructions): Promise<void> {
    let next: Instructions | undefined = first;
    for (let count = 0; next !== undefined && !this.#isOver(); count += 1) {
      if (count === MAX_DOCUMENTS) return this.#emitWarning(12_400, 'too many documents');
      this.#running = new AbortController();
      next = await this.#runInstructions(next, AbortSignal.any([this.#running.signal, this.#ended.signal]));
      if (this.#replacement === undefined) continue;
      next = this.#replacement;
      this.#replacement = undefined;
    }
  }

  async #runInstructions(instructions: Instructions, signal: AbortSignal): Promise<Instructions | undefined> {
    const document = await loadDocument(instructions, {
      fetch: (wanted) => this.#fetch(wanted),
      fallbackUrl: this.setup.fallbackUrl,
      onFailure: ({ code, detail }) => this.#emitWarning(code, detail),
    });
    for (const verb of document.verbs) {
      if (signal.aborted) return undefined;
      this.#emit({
        type: 'instruction',
        instruction: { verb: verb.verb, detail: describeVerb(verb), atMs: this.durationMs },
      });
      const next = await this.#perform(verb, document.url, signal);
      if (next.type === 'go') return signal.aborted ? undefined : next.to;
      if (next.type === 'end') return undefined;
    }
    return undefined;
  }

  async #fetch(instructions: FetchedInstructions): Promise<string | DocumentFailure> {
    const { url, method, parameters = [] } = instructions;
    const request = {
      url,
      method,
      parameters: [...this.#parameters(), ...parameters],
      idempotencyToken: randomBytes(16).toString('hex'),
    };
    const isFirst = instructions === this.setup.instructions;
    const isTwice = isFirst && this.setup.scenario.carrier?.postsVoiceWebhookTwice === true;
    const [answer, again] = await Promise.all([
      this.#carrier.sender.send(request),
      isTwice ? this.#carrier.sender.send(request) : undefined,
    ]);
    this.#noteWebhook(url, answer, again);
    if (answer.type === 'failed') return { code: answer.code, detail: answer.detail };
    if (answer.status < 200 || answer.status > 299) return { code: 11_200, detail: `HTTP ${answer.status}` };
    return answer.body;
  }

  #perform(verb: Verb, baseUrl: string, signal: AbortSignal): Next | Promise<Next> {
    if (verb.verb === 'reject') {
      this.#status = verb.reason === 'busy' ? 'busy' : 'no-answer';
      return { type: 'end' };
    }
    if (verb.verb === 'redirect') return go(verb.url, verb.method, baseUrl);
    const line = this.#answer();
    switch (verb.verb) {
      case 'connect':
        return this.#connect(verb, baseUrl, line, signal);
      case 'say':
        return this.#say(verb.text, verb.loop, line, signal);
      case 'play':
        // The content of the file does not matter, so a tone is played.
        return line.play(beep(400), signal).then(() => NEXT);
      case 'pause':
        return line.wait(verb.lengthMs, signal).then(() => NEXT);
      case 'dial':
        return this.#dial(verb, baseUrl, line, signal);
      case 'hangup':
        return { type: 'end' };
      default:
        return verb satisfies never;
    }
  }

  async #say(text: string, loop: number, line: Line, signal: AbortSignal): Promise<Next> {
    const speech = await synthesise(text, { voice: 'carrier' });
    for (let i = 0; i < Math.max(1, loop) && !signal.aborted; i += 1) await line.play(speech.mulaw, signal);
    return NEXT;
  }

  async #connect(
    verb: Extract<Verb, { verb: 'connect' }>,
    baseUrl: string,
    line: Line,
    signal: AbortSignal,
  ): Promise<Next> {
    const target = streamTarget(verb.stream.url, baseUrl, this.#carrier);
    if (target.type === 'invalid') this.#emitWarning(target.code, target.detail);
    else await this.#runStream(target, verb, line, signal);
    return verb.action === undefined ? NEXT : go(verb.action, verb.method, baseUrl);
  }

  async #runStream(
    target: { readonly signedUrl: string; readonly dialUrl: string },
    verb: Extract<Verb, { verb: 'connect' }>,
    line: Line,
    signal: AbortSignal,
  ): Promise<void> {
    const streamSid = `MZ${randomBytes(16).toString('hex')}`;
    const end = await new Promise<StreamEnd>((resolve) => {
      const stream = new CarrierStream({
        dialUrl: target.dialUrl,
        signature: this.#carrier.sender.signStream(target.signedUrl),
        streamSid,
        accountSid: this.#carrier.accountSid,
        callSid: this.sid,
        customParameters: verb.stream.parameters,
        probe: this.#carrier.probe,
        onStarted: () => {
          this.#figures.streams += 1;
          this.#emit({ type: 'stream-opened', streamSid, atMs: line.atMs });
        },
        onWarning: (code, detail) => this.#emitWarning(code, detail),
        onAudio: (atWallMs) => this.#reporter.mediaArrived(atWallMs),
        onClear: () => {
          line.cleared();
          this.#emit({ type: 'cleared', atMs: line.atMs });
        },
        onClosed: resolve,
      });
      this.#stream = stream;
      line.connect(stream);
      signal.addEventListener('abort', () => stream.stop(), { once: true });
      if (signal.aborted) stream.stop();
    });
    const stream = this.#stream!;
    this.#stream = undefined;
    line.connect(undefined);
    this.#figures.framesSent += stream.framesSent;
    this.#figures.framesLost += stream.framesLost;
    this.#figures.marksEchoed += stream.marksEchoed;
    const { endedBy, code, error } = end;
    this.#emit({ type: 'stream-closed', streamSid, endedBy, code, atMs: line.atMs });
    if (error !== undefined) this.#emitWarning(error.code, error.detail);
  }

  async #dial(
    verb: Extract<Verb, { verb: 'dial' }>,
    baseUrl: string,
    line: Line,
    signal: AbortSignal,
  ): Promise<Next> {
    const outcome = this.setup.scenario.dial ?? DEFAULT_DIAL;
    await line.wait(Math.min(outcome.ringMs, verb.timeoutMs), signal);
    const answeredAtMs = line.atMs;
    if (outcome.result === 'answered') {
      const speech = await synthesise(outcome.personSays ?? 'Hello, how can I help you?', {
        voice: 'person',
      });
      await line.play(speech.mulaw, signal);
      await line.wait(1_500, signal);
    }
    if (verb.action === undefined) return NEXT;
    const wasAnswered = outcome.result === 'answered';
    return go(verb.action, verb.method, baseUrl, [
      ['DialCallStatus', wasAnswered ? 'completed' : outcome.result],
      ['DialCallSid', `CA${randomBytes(16).toString('hex')}`],
      ['DialBridged', String(wasAnswered)],
      ...(wasAnswered
        ? ([['DialCallDuration', String(Math.round((line.atMs - answeredAtMs) / 1000))]] as const)
        : []),
    ]);
  }

  /** The call is answered by the first verb that plays or receives audio. */
  #answer(): Line {
    if (this.#line !== undefined) return this.#line;
    this.#status = 'in-progress';
    this.#line = new Line({
      clock: this.#carrier.clock,
      caller: this.#caller,
      recording: this.#recording,
      mediaGap: this.setup.scenario.carrier?.mediaGap,
    });
    this.#callbacks.answered(
      { status: 'in-progress', parameters: this.#parameters() },
      this.setup.direction === 'outbound-api',
    );
    this.#emit({ type: 'answered', callSid: this.sid });
    return this.#line;
  }

  #callerDid(event: CallerEvent): void {
    this.#emit(event);
    if (event.type === 'caller-presses') this.#stream?.sendDigit(event.digit);
    if (event.type !== 'caller-hangs-up') return;
    if (event.how === 'abruptly') this.#stream?.destroy();
    this.#end('caller');
  }

  #end(by: CallReport['endedBy']): void {
    if (this.#isOver()) return;
    this.#endedBy = by;
    this.#ended.abort();
  }

  #isOver(): boolean {
    return this.#ended.signal.aborted;
  }

  async #finish(): Promise<CallReport> {
    const { durationMs } = this;
    this.#ended.abort();
    this.#line?.close();
    await this.#recording?.close();
    if (this.#status === 'in-progress' || this.#status === 'ringing') {
      this.#status = this.#line === undefined ? 'no-answer' : 'completed';
    }
    this.#emit({ type: 'ended', callSid: this.sid, atMs: durationMs });
    const seconds = Math.round(durationMs / 1000);
    await this.#callbacks.ended({
      status: this.#status,
      parameters: [
        ...this.#parameters(),
        ['CallDuration', String(seconds)],
        ['Duration', String(Math.ceil(seconds / 60))],
      ],
    });
    return this.#reporter.report(
      {
        callSid: this.sid,
        scenario: this.setup.scenario.name,
        status: this.#status as CallReport['status'],
        endedBy: this.#endedBy,
      },
      {
        durationMs,
        gaps: this.#line?.gaps ?? 0,
        latestFrameMs: this.#line?.latestFrameMs ?? 0,
        recordingPath: this.setup.recordTo,
        ...this.#figures,
      },
    );
  }

  #parameters(): FormParameters {
    const { from, to, direction } = this.setup;
    return [
      ['CallSid', this.sid],
      ['AccountSid', this.#carrier.accountSid],
      ['From', from],
      ['To', to],
      ['CallStatus', this.#status],
      ['ApiVersion', '2010-04-01'],
      ['Direction', direction],
      ['Caller', from],
      ['Called', to],
      ['FromCountry', 'US'],
      ['FromCity', ''],
      ['ToCountry', 'US'],
      ['StirVerstat', 'TN-Validation-Passed-A'],
    ];
  }

  #noteWebhook(url: string, answer: WebhookAnswer, again?: WebhookAnswer): void {
    const webhook = {
      url,
      status: answer.type === 'answered' ? answer.status : 0,
      durationMs: answer.durationMs,
      ...(again !== undefined && { sameAnswerTwice: bodyOf(answer) === bodyOf(again) }),
    };
    this.#emit({ type: 'webhook', webhook });
  }

  #emitWarning(code: number, detail: string): void {
    this.#emit({ type: 'warning', warning: { code, detail, atMs: this.durationMs } });
  }

  #emit(event: CallEvent): void {
    this.events.push(event);
    this.setup.onEvent?.(event);
    const following = this.#reporter.take(event, this.durationMs);
    if (following !== undefined) this.#emit(following);
  }
}

function go(url: string, method: HttpMethod, baseUrl: string, parameters: FormParameters = []): Next {
  return { type: 'go', to: { type: 'fetch', url: new URL(url, baseUrl).href, method, parameters } };
}

function bodyOf(answer: WebhookAnswer): string | undefined {
  return answer.type === 'answered' ? answer.body : undefined;
}

/** 500 Hz at a moderate level. */
function beep(durationMs: number): Uint8Array {
  return new Uint8Array(durationMs * BYTES_PER_MS).map((_, i) => (i % 16 < 8 ? 0x9f : 0x1f));
}
