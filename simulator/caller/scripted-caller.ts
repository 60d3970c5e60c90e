import { BYTES_PER_MS, FRAME_MS } from '../../src/audio/frame.ts';
import type { Cue, Scenario, Step } from '../scenario.ts';
import { SpeechFinder, type SpeechRegistry } from '../speech/heard-speech.ts';
import type { SynthesisedSpeech } from '../speech/synthesised-speech.ts';
import { synthesise } from '../speech/synthesis.ts';
import { AgentEar, type EarEvent } from './agent-ear.ts';
import { makeCough, Transmitter } from './transmitter.ts';

export type CallerEvent =
  | EarEvent
  | { readonly type: 'caller-speaks'; readonly text: string; readonly atMs: number }
  /** `atMs` is the end of the last word. */
  | { readonly type: 'caller-spoke'; readonly text: string; readonly atMs: number }
  | { readonly type: 'caller-coughs'; readonly atMs: number }
  | { readonly type: 'caller-presses'; readonly digit: string; readonly atMs: number }
  | {
      readonly type: 'caller-hangs-up';
      readonly how: 'politely' | 'abruptly';
      readonly atMs: number;
      /** True when the caller hung up because the agent was silent for too long. */
      readonly gaveUp: boolean;
    }
  /** The agent never said what the step waits for; the caller goes on all the same. */
  | { readonly type: 'cue-missed'; readonly cue: string; readonly heard: string; readonly atMs: number };

export interface CallerOptions {
  readonly scenario: Pick<Scenario, 'caller' | 'steps'>;
  /** Registry in which the recogniser looks up what the caller says. */
  readonly speech: SpeechRegistry;
  /** Registry of the agent's speech; without it the caller hears a voice but no words. */
  readonly agentSpeech: SpeechRegistry | undefined;
  readonly onEvent: (event: CallerEvent) => void;
}

type Prepared = Step & { readonly speech?: SynthesisedSpeech };

type Doing =
  | { readonly what: 'waiting' }
  | { readonly what: 'speaking'; readonly text: string; readonly lastWordEndMs: number }
  | { readonly what: 'coughing' }
  | { readonly what: 'pressing'; readonly digits: string; readonly nextAtMs: number }
  | { readonly what: 'silent'; readonly untilMs: number }
  | { readonly what: 'gone' };

const KEY_EVERY_MS = 250;
/** The caller hangs up after this long without a sound from the agent. */
const PATIENCE_MS = 30_000;
/** The caller goes on this long after the agent has finished without the expected words. */
const CUE_PATIENCE_MS = 6_000;
const DEFAULT_CUE: Cue = 'agent-finished';

/** Synthesises all lines in advance, so that the call itself needs no synthesis. */
export async function prepareCaller(options: CallerOptions): Promise<ScriptedCaller> {
  const { steps, caller } = options.scenario;
  const speed = caller.speakingSpeed ?? 1;
  const prepared: Prepared[] = [];
  for (const step of steps) {
    prepared.push(
      'say' in step ? { ...step, speech: await synthesise(step.say, { voice: 'caller', speed }) } : step,
    );
  }
  return new ScriptedCaller(options, prepared);
}

/** The caller. Driven by frames: every 20 ms it receives one and sends one. */
export class ScriptedCaller {
  readonly ear: AgentEar;
  readonly #steps: readonly Prepared[];
  readonly #microphone: Transmitter;
  readonly #onEvent: (event: CallerEvent) => void;
  #nextStep = 0;
  /** When the last step was done. */
  #sinceMs = 0;
  #doing: Doing = { what: 'waiting' };

  constructor(options: CallerOptions, steps: readonly Prepared[]) {
    this.#steps = steps;
    this.#onEvent = options.onEvent;
    this.#microphone = new Transmitter(options.speech, options.scenario.caller.line ?? {});
    this.ear = new AgentEar(options.agentSpeech && new SpeechFinder(options.agentSpeech));
  }

  /** Hears `heard` and speaks the same 20 ms, from `atMs` on the line; undefined is silence. */
  frame(heard: Uint8Array, atMs: number): Uint8Array | undefined {
    const noticed = this.ear.hear(heard, atMs);
    if (noticed !== undefined) this.#onEvent(noticed);
    this.#act(atMs);
    const frame = this.#microphone.nextFrame(heard);
    this.#finishSound(atMs + FRAME_MS);
    return frame;
  }

  #act(atMs: number): void {
    const doing = this.#doing;
    switch (doing.what) {
      case 'waiting':
        return this.#wait(atMs);
      case 'pressing':
        if (atMs >= doing.nextAtMs) this.#press(doing.digits, atMs);
        return;
      case 'silent':
        if (atMs >= doing.untilMs) this.#done(atMs);
        return;
      case 'speaking':
      case 'coughing':
      case 'gone':
        return;
      default:
        doing satisfies never;
    }
  }

  #wait(atMs: number): void {
    const step = this.#steps[this.#nextStep];
    if (step !== undefined && (this.#isDue(step.when ?? DEFAULT_CUE, atMs) || 'staySilentMs' in step)) {
      this.#nextStep += 1;
      this.#begin(step, atMs);
    } else if (atMs - Math.max(this.#sinceMs, this.ear.lastSoundMs) > PATIENCE_MS) {
      this.#hangUp('politely', atMs, true);
    }
  }

  #isDue(cue: Cue, atMs: number): boolean {
    const { ear } = this;
    const hasFinished = ear.hasFinishedSince(this.#sinceMs);
    if (cue === 'agent-finished') return hasFinished;
    if ('afterMs' in cue) return atMs - this.#sinceMs >= cue.afterMs;
    if ('intoAgentSpeechMs' in cue) {
      const startMs = ear.speakingSinceMs;
      const isInto =
        startMs !== undefined &&
        atMs - Math.max(startMs, this.#sinceMs) >= cue.intoAgentSpeechMs &&
        ear.isSoundingAt(atMs);
      return isInto || hasFinished;
    }
    const isQuiet = cue.quietMs !== undefined && ear.hasBeenQuietSince(this.#sinceMs, atMs, cue.quietMs);
    if (!hasFinished && !isQuiet) return false;
    const heard = ear.wordsSince(this.#sinceMs);
    if (new RegExp(cue.afterAgentSays, 'i').test(heard)) return true;
    if (!hasFinished || atMs - ear.lastSoundMs < CUE_PATIENCE_MS) return false;
    this.#onEvent({ type: 'cue-missed', cue: cue.afterAgentSays, heard, atMs });
    return true;
  }

  #begin(step: Prepared, atMs: number): void {
    if ('say' in step) {
      const speech = step.speech!;
      this.#microphone.say(speech);
      const lastWordEndMs = atMs + (speech.words.at(-1)?.endMs ?? speech.mulaw.length / BYTES_PER_MS);
      this.#doing = { what: 'speaking', text: step.say, lastWordEndMs };
      this.#onEvent({ type: 'caller-speaks', text: step.say, atMs });
    } else if ('press' in step) {
      this.#press(step.press, atMs);
    } else if ('coughMs' in step) {
      this.#microphone.makeSound(makeCough(step.coughMs));
      this.#doing = { what: 'coughing' };
      this.#onEvent({ type: 'caller-coughs', atMs });
    } else if ('hangUp' in step) {
      this.#hangUp(step.hangUp, atMs, false);
    } else {
      this.#doing = { what: 'silent', untilMs: atMs + step.staySilentMs };
    }
  }

  #press(digits: string, atMs: number): void {
    this.#onEvent({ type: 'caller-presses', digit: digits[0]!, atMs });
    if (digits.length === 1) this.#done(atMs);
    else this.#doing = { what: 'pressing', digits: digits.slice(1), nextAtMs: atMs + KEY_EVERY_MS };
  }

  #hangUp(how: 'politely' | 'abruptly', atMs: number, gaveUp: boolean): void {
    this.#doing = { what: 'gone' };
    this.#onEvent({ type: 'caller-hangs-up', how, atMs, gaveUp });
  }

  #finishSound(atMs: number): void {
    const doing = this.#doing;
    if (this.#microphone.isSpeaking || (doing.what !== 'speaking' && doing.what !== 'coughing')) return;
    if (doing.what === 'speaking') {
      this.#onEvent({ type: 'caller-spoke', text: doing.text, atMs: doing.lastWordEndMs });
    }
    this.#done(atMs);
  }

  #done(atMs: number): void {
    this.#sinceMs = atMs;
    this.#doing = { what: 'waiting' };
  }
}
