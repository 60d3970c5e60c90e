import type { CallCost } from '../call.ts';
import type { CallUsage } from '../call-record.ts';
import type { PriceTable } from './prices.ts';

/** Tokens of one model on one call; a call that failed over has several. */
export interface ModelUsage {
  readonly model: string;
  readonly inputTokens: number;
  readonly cachedTokens: number;
  readonly outputTokens: number;
}

/** A price in dollars per million tokens is that of one token in millionths of a dollar; other units are divided first. */
export function costOfCall(usage: CallUsage, models: readonly ModelUsage[], prices: PriceTable): CallCost {
  const unpriced = new Set<string>();
  const priceOf = <Price>(table: Readonly<Record<string, Price>>, name: string): Price | undefined => {
    const price = table[name];
    if (price === undefined) unpriced.add(name);
    return price;
  };
  const sttPrice = usage.sttSeconds > 0 ? priceOf(prices.speechToTextPerMinute, usage.sttVendor) : undefined;
  const ttsPrice =
    usage.ttsCharacters > 0 ? priceOf(prices.textToSpeechPerThousandCharacters, usage.ttsVendor) : undefined;
  const speechToTextMicros = Math.round((usage.sttSeconds / 60) * (sttPrice ?? 0) * 1_000_000);
  const textToSpeechMicros = Math.round(usage.ttsCharacters * (ttsPrice ?? 0) * 1_000);
  const telephonyMicros = Math.round(
    Math.ceil(usage.callSeconds / 60) * prices.telephonyPerMinute * 1_000_000,
  );
  const modelMicros = Math.round(
    models.reduce((sum, used) => {
      const price = priceOf(prices.modelPerMillionTokens, used.model);
      if (price === undefined) return sum;
      const uncached = Math.max(0, used.inputTokens - used.cachedTokens);
      return (
        sum +
        uncached * price.input +
        used.cachedTokens * price.cachedInput +
        used.outputTokens * price.output
      );
    }, 0),
  );
  return {
    currency: prices.currency,
    speechToTextMicros,
    modelMicros,
    textToSpeechMicros,
    telephonyMicros,
    totalMicros: speechToTextMicros + modelMicros + textToSpeechMicros + telephonyMicros,
    unpriced: [...unpriced],
  };
}
