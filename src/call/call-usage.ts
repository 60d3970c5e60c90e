import type { CallEvent, CallUsage } from '../business/record/calls/calls.ts';

/** Adds up what a call uses of its vendors, for the record and the bill. */
export class CallUsageMeter {
  #sttSeconds = 0;
  #inputTokens = 0;
  #cachedTokens = 0;
  #outputTokens = 0;
  #model = '';

  listened(seconds: number): void {
    this.#sttSeconds += seconds;
  }

  /** Reads model usage off the record, so that nothing is counted that is not on it. */
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
