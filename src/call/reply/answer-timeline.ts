import type { TurnLatency } from '../../business/record/calls/calls.ts';

/** The instants of one answered turn on the monotonic clock, each set when its stage is passed for the first time. */
export class AnswerTimeline {
  #lastWordEndAtMs: number | undefined;
  #endOfTurnAtMs: number | undefined;
  #requestedAtMs: number | undefined;
  #firstTokenAtMs: number | undefined;
  #voiceRequestedAtMs: number | undefined;
  #voiceAnsweredAtMs: number | undefined;
  #audibleAtMs: number | undefined;
  #speculative = false;

  turnEnded(atMs: number, lastWordEndAtMs: number | undefined): void {
    this.#endOfTurnAtMs ??= atMs;
    this.#lastWordEndAtMs ??= lastWordEndAtMs;
    this.#speculative = this.#requestedAtMs !== undefined;
  }

  modelRequested(atMs: number): void {
    this.#requestedAtMs ??= atMs;
  }

  tokenReceived(atMs: number): void {
    this.#firstTokenAtMs ??= atMs;
  }

  voiceRequested(atMs: number): void {
    this.#voiceRequestedAtMs ??= atMs;
  }

  voiceAnswered(atMs: number): void {
    this.#voiceAnsweredAtMs ??= atMs;
  }

  audible(atMs: number): void {
    this.#audibleAtMs ??= atMs;
  }

  /** Undefined for what answers no turn, such as a greeting or a reprompt. */
  latency(): TurnLatency | undefined {
    if (this.#endOfTurnAtMs === undefined) return undefined;
    return {
      endpointingMs: between(this.#lastWordEndAtMs, this.#endOfTurnAtMs),
      requestMs: between(this.#endOfTurnAtMs, this.#requestedAtMs),
      firstTokenMs: between(this.#requestedAtMs, this.#firstTokenAtMs),
      firstChunkMs: between(this.#firstTokenAtMs, this.#voiceRequestedAtMs),
      firstAudioMs: between(this.#voiceRequestedAtMs, this.#voiceAnsweredAtMs),
      sendMs: between(this.#voiceAnsweredAtMs, this.#audibleAtMs),
      totalMs: between(this.#endOfTurnAtMs, this.#audibleAtMs),
      speculative: this.#speculative,
    };
  }
}

function between(fromMs: number | undefined, toMs: number | undefined): number | undefined {
  if (fromMs === undefined || toMs === undefined) return undefined;
  return Math.round((toMs - fromMs) * 10) / 10;
}
