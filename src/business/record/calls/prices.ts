/**
 * What the vendors charge, per unit. Amounts are in dollars as their price lists print them; cost.ts turns them into
 * whole millionths of a dollar.
 *
 * Sources: the model prices are OpenAI's model page for gpt-6-luna. All others are the vendors' public pay-as-you-go
 * list prices and ASSUMED: contracts differ, so a deployment passes its own table.
 */
export interface PriceTable {
  readonly currency: 'USD';
  /** Per minute of audio sent, by speech-to-text vendor. */
  readonly speechToTextPerMinute: Readonly<Record<string, number>>;
  /** Per million tokens, by model. Cached input tokens are part of the input and charged at their own price. */
  readonly modelPerMillionTokens: Readonly<Record<string, TokenPrices>>;
  /** Per thousand characters synthesised, by voice vendor. */
  readonly textToSpeechPerThousandCharacters: Readonly<Record<string, number>>;
  /** Per started minute of an inbound call with a media stream. */
  readonly telephonyPerMinute: number;
}

export interface TokenPrices {
  readonly input: number;
  readonly cachedInput: number;
  readonly output: number;
}

export const listPrices: PriceTable = {
  currency: 'USD',
  speechToTextPerMinute: {
    // Assumed: Deepgram pay-as-you-go, Flux and Nova streaming alike.
    deepgram: 0.0077,
    'deepgram-flux': 0.0077,
    'deepgram-nova': 0.0077,
  },
  modelPerMillionTokens: {
    'gpt-6-luna': { input: 0.1, cachedInput: 0.01, output: 0.5 },
    // Assumed equal to its successor until a price is configured.
    'gpt-5.6-luna': { input: 0.1, cachedInput: 0.01, output: 0.5 },
  },
  textToSpeechPerThousandCharacters: {
    // Assumed: ElevenLabs Flash at the business tier.
    elevenlabs: 0.05,
    // Assumed: Deepgram Aura-2 pay-as-you-go.
    deepgram: 0.03,
    'deepgram-aura': 0.03,
  },
  // Assumed: Twilio US local inbound 0.0085 plus media streams 0.004.
  telephonyPerMinute: 0.0125,
};
