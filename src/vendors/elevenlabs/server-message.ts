import { z } from 'zod';

/** The messages of the socket that are used. */
export type ServerMessage =
  | {
      readonly type: 'output';
      readonly contextId: string | undefined;
      readonly mulaw: Uint8Array | undefined;
      readonly alignment: WireAlignment | undefined;
      readonly isFinal: boolean;
    }
  | { readonly type: 'error'; readonly slug: string; readonly message: string };

/** Times in milliseconds from the start of the audio in this message, or in earlier ones without timing. */
export interface WireAlignment {
  readonly characters: readonly string[];
  readonly startsMs: readonly number[];
  readonly durationsMs: readonly number[];
}

const numbers = z.array(z.number()).optional();
/** Documentation and traffic spell the keys differently; all spellings are accepted. */
const alignmentSchema = z.object({
  chars: z.array(z.string()),
  charStartTimesMs: numbers,
  charsStartTimesMs: numbers,
  char_start_times_ms: numbers,
  charDurationsMs: numbers,
  charsDurationsMs: numbers,
  char_durations_ms: numbers,
});
const outputSchema = z.object({
  audio: z.string().nullish(),
  alignment: z.unknown().optional(),
  isFinal: z.boolean().nullish(),
  is_final: z.boolean().nullish(),
  contextId: z.string().nullish(),
  context_id: z.string().nullish(),
});
const errorSchema = z.object({ error: z.string(), message: z.string().catch('') });

/** Undefined if the text is malformed; never throws. */
export function parseServerMessage(text: string): ServerMessage | undefined {
  const json = parseJson(text);
  const error = errorSchema.safeParse(json);
  if (error.success) return { type: 'error', slug: error.data.error, message: error.data.message };
  const output = outputSchema.safeParse(json);
  if (!output.success) return undefined;
  const { audio, alignment, isFinal, is_final, contextId, context_id } = output.data;
  return {
    type: 'output',
    contextId: contextId ?? context_id ?? undefined,
    mulaw: audio ? Buffer.from(audio, 'base64') : undefined,
    alignment: parseAlignment(alignment),
    isFinal: (isFinal ?? is_final) === true,
  };
}

function parseAlignment(alignment: unknown): WireAlignment | undefined {
  const parsed = alignmentSchema.safeParse(alignment);
  if (!parsed.success) return undefined;
  const { chars } = parsed.data;
  const startsMs =
    parsed.data.charStartTimesMs ?? parsed.data.charsStartTimesMs ?? parsed.data.char_start_times_ms ?? [];
  const durationsMs =
    parsed.data.charDurationsMs ?? parsed.data.charsDurationsMs ?? parsed.data.char_durations_ms ?? [];
  // The alignment is ignored unless every character has a time.
  if (chars.length === 0 || startsMs.length < chars.length || durationsMs.length < chars.length)
    return undefined;
  return { characters: chars, startsMs, durationsMs };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
