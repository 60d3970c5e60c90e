/**
 * What the vendors charge, per unit and by the names under which their services are on record: `sttVendor`,
 * `ttsVendor` and `model` of a call's usage. Amounts are in dollars as price lists print them; cost.ts turns them into
 * whole millionths of a dollar. The list prices come from the vendors' values; contracts differ, so a deployment may
 * pass its own table.
 */
export interface PriceTable {
  readonly currency: 'USD';
  /** Per minute of audio sent, by speech-to-text service. */
  readonly speechToTextPerMinute: Readonly<Record<string, number>>;
  /** Per million tokens, by model. Cached input tokens are part of the input and charged at their own price. */
  readonly modelPerMillionTokens: Readonly<Record<string, TokenPrices>>;
  /** Per thousand characters synthesised, by voice service. */
  readonly textToSpeechPerThousandCharacters: Readonly<Record<string, number>>;
  /** Per started minute of an inbound call with a media stream. */
  readonly telephonyPerMinute: number;
}

export interface TokenPrices {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}
