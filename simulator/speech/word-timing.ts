import { AUDIBLE_LEVEL, levelOf } from './level.ts';
import type { RawSpeech } from './raw-speech.ts';
import { BYTES_PER_MS } from '../../src/audio/frame.ts';

export interface SpokenWord {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
}

export interface SpokenCharacter {
  readonly character: string;
  readonly startMs: number;
  readonly endMs: number;
}

interface Token {
  readonly text: string;
  /** In code points. */
  readonly start: number;
  readonly end: number;
}

const BLOCK_MS = 10;

/** When each word of `text` (split at white space) is heard in `mulaw`, by the voice's own marks and the sound. */
export function timeWords(
  text: string,
  wordStarts: RawSpeech['wordStarts'],
  mulaw: Uint8Array,
): { words: SpokenWord[]; characters: SpokenCharacter[] } {
  const tokens = tokensOf(text);
  const durationMs = mulaw.length / BYTES_PER_MS;
  const starts = startTimes(tokens, wordStarts, durationMs);
  const words = tokens.map((token, index) => {
    const startMs = starts[index]!;
    const nextMs = starts[index + 1] ?? durationMs;
    return { text: token.text, startMs, endMs: soundEndMs(mulaw, startMs, nextMs) };
  });
  return { words, characters: timeCharacters(text, tokens, words, durationMs) };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  for (const part of text.split(/(\s+)/)) {
    const length = Array.from(part).length;
    if (/[\p{L}\p{N}]/u.test(part)) tokens.push({ text: part, start: position, end: position + length });
    position += length;
  }
  return tokens;
}

/** Strictly increasing; the time of a word without a mark is interpolated by its length. */
function startTimes(
  tokens: readonly Token[],
  wordStarts: RawSpeech['wordStarts'],
  durationMs: number,
): number[] {
  const known = tokens.map(
    (token) =>
      wordStarts.find((mark) => mark.characterIndex >= token.start && mark.characterIndex < token.end)?.atMs,
  );
  const starts: number[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const previousMs = starts.at(-1) ?? 0;
    const nextIndex = known.findIndex((atMs, i) => i >= index && atMs !== undefined && atMs > previousMs);
    const marked = known[index];
    if (marked !== undefined && (index === 0 || marked > previousMs)) {
      starts.push(Math.min(marked, durationMs));
      continue;
    }
    if (index === 0) {
      starts.push(0);
      continue;
    }
    const untilIndex = nextIndex === -1 ? tokens.length : nextIndex;
    const untilMs = nextIndex === -1 ? durationMs : known[nextIndex]!;
    const from = tokens[index - 1]!.start;
    const until = tokens[untilIndex]?.start ?? tokens.at(-1)!.end;
    const share = (tokens[index]!.start - from) / Math.max(1, until - from);
    starts.push(previousMs + (untilMs - previousMs) * share);
  }
  return starts;
}

/** End of the last audible block, so that the pause after a word is not part of it. */
function soundEndMs(mulaw: Uint8Array, startMs: number, nextMs: number): number {
  for (let endMs = nextMs; endMs - BLOCK_MS > startMs; endMs -= BLOCK_MS) {
    const end = Math.round(endMs * BYTES_PER_MS);
    if (levelOf(mulaw, end - BLOCK_MS * BYTES_PER_MS, end) > AUDIBLE_LEVEL) return endMs;
  }
  return nextMs;
}

function timeCharacters(
  text: string,
  tokens: readonly Token[],
  words: readonly SpokenWord[],
  durationMs: number,
): SpokenCharacter[] {
  const characters: SpokenCharacter[] = [];
  let wordIndex = 0;
  const all = Array.from(text);
  for (let position = 0; position < all.length; position += 1) {
    while (wordIndex < tokens.length && position >= tokens[wordIndex]!.end) wordIndex += 1;
    const token = tokens[wordIndex];
    if (token === undefined || position < token.start) {
      // What is not part of a word fills the pause before the next one.
      const gapStart = tokens[wordIndex - 1]?.end ?? 0;
      const gapEnd = token?.start ?? all.length;
      const fromMs = words[wordIndex - 1]?.endMs ?? 0;
      const toMs = words[wordIndex]?.startMs ?? durationMs;
      characters.push(between(all[position]!, position - gapStart, gapEnd - gapStart, fromMs, toMs));
    } else {
      const word = words[wordIndex]!;
      const length = token.end - token.start;
      characters.push(between(all[position]!, position - token.start, length, word.startMs, word.endMs));
    }
  }
  return characters;
}

function between(
  character: string,
  index: number,
  count: number,
  fromMs: number,
  toMs: number,
): SpokenCharacter {
  const each = (toMs - fromMs) / count;
  return { character, startMs: fromMs + index * each, endMs: fromMs + (index + 1) * each };
}
