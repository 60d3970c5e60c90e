import { SOUND_PAUSE_MS, type AgentEar } from '../caller/agent-ear.ts';
import type { CallEvent } from '../call-event.ts';
import type {
  CallReport,
  CarrierWarning,
  ExecutedInstruction,
  InterruptionReport,
  TurnReport,
  WebhookReport,
} from '../call-report.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Figures counted by the line and its streams. */
export type LineFigures = Pick<
  CallReport,
  | 'durationMs'
  | 'gaps'
  | 'framesSent'
  | 'framesLost'
  | 'latestFrameMs'
  | 'streams'
  | 'marksEchoed'
  | 'recordingPath'
>;

/** Makes the report of a call from its events. */
export class CallReporter {
  readonly #ear: AgentEar;
  readonly #turns: Mutable<TurnReport>[] = [];
  readonly #interruptions: Mutable<InterruptionReport>[] = [];
  /** Interruptions of the speech that is still to be heard. */
  #openInterruptions: Mutable<InterruptionReport>[] = [];
  readonly #agentSaid: string[] = [];
  readonly #webhooks: WebhookReport[] = [];
  readonly #instructions: ExecutedInstruction[] = [];
  readonly #warnings: CarrierWarning[] = [];
  readonly #missedCues: string[] = [];
  #speaking: { readonly text: string; readonly startMs: number } | undefined;
  /** The end of the last word, on the wall clock, while the agent's answer has not arrived. */
  #awaitingMediaSinceMs: number | undefined;
  #streamOpenedMs: number | undefined;
  #greetingMs: number | undefined;
  #understoodUntilMs = Number.NEGATIVE_INFINITY;
  #clears = 0;
  #gaveUp = false;

  constructor(ear: AgentEar) {
    this.#ear = ear;
  }

  /** Takes every event of the call, at the time it happens; answers with what follows from it. */
  take(event: CallEvent, lineMs: number): CallEvent | undefined {
    switch (event.type) {
      case 'caller-speaks':
        this.#callerSpeaks(event.text, event.atMs);
        return undefined;
      case 'caller-spoke':
        this.#callerSpoke(event.text, event.atMs, lineMs);
        return undefined;
      case 'agent-sounds':
        this.#agentSounds(event.atMs, event.silentSinceMs);
        return undefined;
      case 'agent-finished':
        this.#settleInterruptions(event.atMs);
        return this.#agentFinished(event.atMs);
      case 'cleared':
        this.#cleared(event.atMs);
        return undefined;
      case 'stream-opened':
        this.#streamOpenedMs ??= event.atMs;
        return undefined;
      case 'webhook':
        this.#webhooks.push(event.webhook);
        return undefined;
      case 'instruction':
        this.#instructions.push(event.instruction);
        return undefined;
      case 'warning':
        this.#warnings.push(event.warning);
        return undefined;
      case 'cue-missed':
        this.#missedCues.push(event.cue);
        return undefined;
      case 'caller-hangs-up':
        this.#gaveUp = event.gaveUp;
        return undefined;
      case 'ringing':
      case 'answered':
      case 'stream-closed':
      case 'agent-said':
      case 'caller-coughs':
      case 'caller-presses':
        return undefined;
      case 'ended':
        this.#ear.finish();
        this.#settleInterruptions(this.#ear.lastSoundMs);
        return this.#agentFinished(this.#ear.lastSoundMs);
      default:
        return event satisfies never;
    }
  }

  /** The server's audio arrives, by the wall clock. */
  mediaArrived(atWallMs: number): void {
    if (this.#awaitingMediaSinceMs === undefined) return;
    const turn = this.#turns.at(-1)!;
    if (!turn.overlapped) turn.firstMediaMs = atWallMs - this.#awaitingMediaSinceMs;
    this.#awaitingMediaSinceMs = undefined;
  }

  report(
    outcome: Pick<CallReport, 'callSid' | 'scenario' | 'status' | 'endedBy'>,
    figures: LineFigures,
  ): CallReport {
    return {
      ...outcome,
      ...figures,
      greetingMs: this.#greetingMs,
      turns: this.#turns,
      interruptions: this.#interruptions,
      agentSaid: this.#agentSaid,
      clears: this.#clears,
      warnings: this.#warnings,
      instructions: this.#instructions,
      webhooks: this.#webhooks,
      missedCues: this.#missedCues,
      gaveUp: this.#gaveUp,
    };
  }

  #callerSpeaks(text: string, atMs: number): void {
    this.#speaking = { text, startMs: atMs };
    if (!this.#ear.isSoundingAt(atMs)) return;
    const interruption = {
      said: text,
      startMs: atMs,
      silentAfterMs: undefined,
      clearedAfterMs: undefined,
    };
    this.#interruptions.push(interruption);
    this.#openInterruptions.push(interruption);
  }

  #callerSpoke(said: string, lastWordEndMs: number, lineMs: number): void {
    this.#turns.push({
      said,
      startMs: this.#speaking?.startMs ?? lastWordEndMs,
      lastWordEndMs,
      responseMs: undefined,
      firstMediaMs: undefined,
      overlapped: this.#ear.isSoundingAt(lastWordEndMs),
    });
    this.#awaitingMediaSinceMs = performance.now() - (lineMs - lastWordEndMs);
  }

  #agentSounds(atMs: number, silentSinceMs: number): void {
    if (this.#greetingMs === undefined && this.#streamOpenedMs !== undefined) {
      this.#greetingMs = atMs - this.#streamOpenedMs;
    }
    this.#settleInterruptions(silentSinceMs);
    const turn = this.#turns.at(-1);
    if (turn === undefined || turn.overlapped || turn.responseMs !== undefined) return;
    if (this.#speaking !== undefined && this.#speaking.startMs > turn.lastWordEndMs) return;
    turn.responseMs = atMs - turn.lastWordEndMs;
  }

  #agentFinished(atMs: number): CallEvent | undefined {
    const text = this.#ear.wordsSince(this.#understoodUntilMs);
    this.#understoodUntilMs = Number.isFinite(atMs) ? atMs + SOUND_PAUSE_MS : this.#understoodUntilMs;
    if (text === '') return undefined;
    this.#agentSaid.push(text);
    return { type: 'agent-said', text, atMs };
  }

  #cleared(atMs: number): void {
    this.#clears += 1;
    for (const interruption of this.#openInterruptions) {
      interruption.clearedAfterMs ??= atMs - interruption.startMs;
    }
  }

  /** The agent fell silent at `silentMs`: that ends the interruptions before. */
  #settleInterruptions(silentMs: number): void {
    for (const interruption of this.#openInterruptions) {
      if (silentMs < interruption.startMs || interruption.clearedAfterMs === undefined) continue;
      interruption.silentAfterMs = silentMs - interruption.startMs;
    }
    // Without a `clear` the agent had finished by itself.
    this.#openInterruptions = this.#openInterruptions.filter(({ startMs }) => silentMs < startMs);
  }
}
