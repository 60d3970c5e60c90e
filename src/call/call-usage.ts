import type { CallEvent, CallUsage } from '../business/record/calls/calls.ts';

/** Sums the usage of vendors on a call, for its record and for billing. */
export class CallUsageMeter {
  #sttSeconds = 0;
  #inputTokens = 0;
  #cachedTokens = 0;
  #outputTokens = 0;
  #model = '';

  listened(seconds: number): void {
    this.#sttSeconds += seconds;
  }

  /** Counts model usage from recorded events, so that usage and record agree. */
  recorded(event: CallEvent): void {
    if (event.type !== 'model-used') return;
    this.#inputTokens += event.inputTokens;
    this.#cachedTokens += event.cachedTokens;
    this.#outputTokens += event.outputTokens;
    this.#model = event.model;
  }

  total(rest: Pick<CallUsage, 'callSeconds' | 'sttVendor' | 'ttsVendor' | 'ttsCharacters'>): CallUsage {
    return {
      ...rest,
      sttSeconds: Math.round(this.#sttSeconds * 10) / 10,
      inputTokens: this.#inputTokens,
      cachedTokens: this.#cachedTokens,
      outputTokens: this.#outputTokens,
      model: this.#model,
    };
  }
}
