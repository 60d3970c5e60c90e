import { z } from 'zod';
import type { SpeechToTextOptions } from '../../call/listening/listening.ts';
import { idleLimits } from './idle-limits.ts';
import { novaLanguages } from './languages.ts';
import { secondsToMs, type ListenProtocol, type ProtocolStep, type VendorWord } from './listen-protocol.ts';

/**
 * Silence that ends a turn. The result comes about 100 ms later; the sum is below the 500 ms that the latency budget
 * allows for endpointing. A shorter silence would interrupt people between words.
 */
const ENDPOINTING_MS = 300;
/** Fallback by gaps between words, for noisy lines without silence. The vendor's minimum useful value is 1000. */
const UTTERANCE_END_MS = 1_000;
/** Word times of the same words differ between results by less than this. */
const SAME_WORD_SECONDS = 0.05;

const resultsSchema = z.object({
  type: z.literal('Results'),
  start: z.number().optional(),
  duration: z.number().catch(0),
  is_final: z.boolean().catch(false),
  speech_final: z.boolean().catch(false),
  channel: z.object({
    alternatives: z
      .array(z.object({ transcript: z.string().catch(''), words: z.unknown().optional() }))
      .min(1),
  }),
});
const messageSchema = z.discriminatedUnion('type', [
  resultsSchema,
  z.object({ type: z.literal('SpeechStarted'), timestamp: z.number().catch(0) }),
  z.object({ type: z.literal('UtteranceEnd') }),
]);
const anyMessageSchema = z.object({ type: z.string() });
const wordsSchema = z
  .array(
    z.object({
      word: z.string(),
      punctuated_word: z.string().optional(),
      start: z.number(),
      end: z.number(),
      confidence: z.number().optional(),
    }),
  )
  .catch([]);

type Results = z.output<typeof resultsSchema>;
type Word = z.output<typeof wordsSchema>[number];

/** A piece of a turn: text with the words it is made of. */
interface Piece {
  readonly text: string;
  readonly words: readonly Word[];
}

/** Deepgram Nova: turns are assembled from final results, by the rules of docs/protocols/deepgram.md 1.4. */
export class NovaProtocol implements ListenProtocol {
  readonly path = '/v1/listen';
  readonly query: ListenProtocol['query'];
  readonly idle = idleLimits.nova;
  readonly keepAliveMessage = '{"type":"KeepAlive"}';
  #finals: Piece[] = [];
  #interim: Piece | undefined;
  /** Text of the turn as last emitted; undefined between turns. */
  #shownText: string | undefined;
  /** Words before this belong to finished turns; a late result may repeat them. */
  #endedSeconds = 0;

  constructor(options: SpeechToTextOptions) {
    this.query = {
      model: 'nova-3',
      encoding: 'mulaw',
      sample_rate: 8000,
      channels: 1,
      language: novaLanguage(options.language),
      interim_results: true,
      endpointing: ENDPOINTING_MS,
      utterance_end_ms: UTTERANCE_END_MS,
      vad_events: true,
      smart_format: true,
      keyterm: options.keyterms,
    };
  }

  /** Nova sends no confirmation: a successful handshake has accepted the configuration. */
  opened(): readonly ProtocolStep[] {
    return [{ type: 'ready' }];
  }

  accept(message: unknown): readonly ProtocolStep[] | undefined {
    const parsed = messageSchema.safeParse(message);
    if (!parsed.success) {
      // `Metadata` and unknown types are ignored.
      const other = anyMessageSchema.safeParse(message);
      return other.success && other.data.type !== 'Results' ? [] : undefined;
    }
    switch (parsed.data.type) {
      case 'Results':
        return this.#onResults(parsed.data);
      case 'SpeechStarted':
        return [
          { type: 'heartbeat', audioMs: secondsToMs(parsed.data.timestamp) },
          { type: 'speech-started' },
        ];
      case 'UtteranceEnd':
        // After a `speech_final` no turn is open, so this ends nothing twice.
        return this.#end();
      default:
        return parsed.data satisfies never;
    }
  }

  configure(): readonly ProtocolStep[] {
    return [];
  }

  #onResults(results: Results): readonly ProtocolStep[] {
    const steps: ProtocolStep[] = [
      { type: 'heartbeat', audioMs: secondsToMs((results.start ?? 0) + results.duration) },
    ];
    const piece = this.#newWordsOf(results);
    this.#interim = results.is_final ? undefined : piece;
    if (results.is_final && piece.text !== '') this.#finals.push(piece);
    steps.push(...this.#show());
    if (results.speech_final) steps.push(...this.#end());
    return steps;
  }

  /** The words of the results that are not part of finished turns. */
  #newWordsOf(results: Results): Piece {
    const { transcript, words: rawWords } = results.channel.alternatives[0]!;
    const text = transcript.trim();
    if (text === '') return { text, words: [] };
    const words = wordsSchema.parse(rawWords);
    if ((results.start ?? Infinity) >= this.#endedSeconds - SAME_WORD_SECONDS) return { text, words };
    const fresh = words.filter((word) => word.end > this.#endedSeconds + SAME_WORD_SECONDS);
    if (fresh.length === words.length && words.length > 0) return { text, words };
    return { text: fresh.map((word) => word.punctuated_word ?? word.word).join(' '), words: fresh };
  }

  #pieces(): readonly Piece[] {
    return this.#interim === undefined ? this.#finals : [...this.#finals, this.#interim];
  }

  #show(): readonly ProtocolStep[] {
    const text = joined(this.#pieces());
    if (text === '' || text === this.#shownText) return [];
    const isFirst = this.#shownText === undefined;
    this.#shownText = text;
    return [isFirst ? { type: 'turn-started', text } : { type: 'transcript-interim', text }];
  }

  #end(): readonly ProtocolStep[] {
    if (this.#shownText === undefined) return [];
    const pieces = this.#pieces();
    // A turn that began with words ends with some, even if its last result has none.
    const text = joined(pieces) || this.#shownText;
    const words = pieces.flatMap((piece) => piece.words);
    this.#endedSeconds = Math.max(this.#endedSeconds, ...words.map((word) => word.end));
    this.#finals = [];
    this.#interim = undefined;
    this.#shownText = undefined;
    return [{ type: 'turn-ended', text, words: words.map(toVendorWord) }];
  }
}

/** Regional models. Any other region uses its base language, and an unknown language uses detection. */
const REGIONS = new Set(
  'en-US en-GB en-AU en-IN en-NZ es-419 fr-CA pt-BR pt-PT de-CH nl-BE zh-HK zh-TW'.split(' '),
);

function novaLanguage(language: string): string {
  const base = language.split('-')[0]!.toLowerCase();
  if (REGIONS.has(language)) return language;
  return novaLanguages.includes(base) ? base : 'multi';
}

function joined(pieces: readonly Piece[]): string {
  return pieces
    .map((piece) => piece.text)
    .filter((text) => text !== '')
    .join(' ');
}

function toVendorWord(word: Word): VendorWord {
  return {
    text: word.punctuated_word ?? word.word,
    startMs: secondsToMs(word.start),
    endMs: secondsToMs(word.end),
    ...(word.confidence === undefined ? {} : { confidence: word.confidence }),
  };
}
