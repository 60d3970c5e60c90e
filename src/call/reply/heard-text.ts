import { BYTES_PER_MS, bytesToMs } from '../../audio/frame.ts';
import type { TimedWord } from '../../business/record/calls/calls.ts';
import type { MediaMs } from '../clocks.ts';

export interface HeardSpeech {
  /** All text handed in, spoken or not. */
  readonly generatedText: string;
  /** The original text up to the last word heard. */
  readonly heardText: string;
  readonly heardMs: number;
  /** True when everything was heard, or all but the last 300 ms. */
  readonly complete: boolean;
  /** Every word of the text given to the voice, with its position on the call's media clock. */
  readonly words: readonly TimedWord[];
}

/** A part of a reply's text with its audio. Positions are bytes from the reply's first sample. */
export interface TimedText {
  readonly text: string;
  /** Undefined until its audio is queued for playout. */
  readonly startBytes: number | undefined;
  readonly receivedBytes: number;
  /** True if all its audio has been received. */
  readonly isComplete: boolean;
  /** Known times within it, in order. */
  readonly timings: readonly TextTiming[];
}

/** Characters `startIndex` to `endIndex` of the text are spoken at these times, from the part's first sample. */
export interface TextTiming {
  readonly startIndex: number;
  readonly endIndex: number;
  readonly startMs: number;
  readonly endMs: number;
}

export interface SpokenWord {
  readonly text: string;
  /** Index in the text of its part. */
  readonly startIndex: number;
  readonly endIndex: number;
  /** From the part's first sample. */
  readonly startMs: number;
  readonly endMs: number;
}

/** Assumed rate of speech: about 150 words a minute. */
export const MS_PER_CHARACTER = 65;
/** A reply interrupted this close to its end counts as heard. */
const END_TOLERANCE_BYTES = 300 * BYTES_PER_MS;
/** The vendor's times and its audio may differ by this share before the times are stretched to fit. */
const TIMING_TOLERANCE = 0.05;

/** Describes what the caller has heard of a reply of which `heardBytes` were played. */
export function describeHeard(reply: {
  readonly parts: readonly TimedText[];
  /** Text that has not been given to the voice. */
  readonly unsaidText: string;
  /** No more text will come. */
  readonly isTextEnded: boolean;
  readonly heardBytes: number;
  readonly offsetMsOf: (bytes: number) => MediaMs | undefined;
}): HeardSpeech {
  const { parts, heardBytes } = reply;
  const generatedText = joinTexts([...parts.map(({ text }) => text), reply.unsaidText]);
  const isAllSaid = reply.isTextEnded && reply.unsaidText === '' && parts.every(isPlayable);
  const complete = isAllSaid && isHeardOut(parts, heardBytes);
  const { heardText, words } = hear(parts, heardBytes, complete, reply.offsetMsOf);
  return { generatedText, heardText, heardMs: bytesToMs(heardBytes), complete, words };
}

/** Parts are joined by one space. */
export function joinTexts(texts: readonly string[]): string {
  return texts.filter((text) => text !== '').join(' ');
}

/** The words of a part with their times, estimated if the vendor gave none. */
export function timeWords(part: TimedText): SpokenWord[] {
  const points = timePoints(part);
  const words: SpokenWord[] = [];
  for (const match of part.text.matchAll(/\S+/gu)) {
    const text = match[0];
    const startIndex = match.index;
    const endIndex = startIndex + text.length;
    // Pauses are attributed to punctuation: a word is heard when its letters are.
    const lead = text.search(/[\p{L}\p{N}]/u);
    const core = lead < 0 ? text : text.slice(lead).replace(/[^\p{L}\p{N}]+$/u, '');
    const coreStart = startIndex + Math.max(lead, 0);
    const startMs = startTime(points, coreStart);
    const endMs = Math.max(startMs, endTime(points, coreStart + core.length));
    words.push({ text, startIndex, endIndex, startMs, endMs });
  }
  return words;
}

/** Estimated duration of the part; exact once it is complete. */
export function estimateDurationMs(part: TimedText): number {
  const receivedMs = bytesToMs(part.receivedBytes);
  if (part.isComplete) return receivedMs;
  const last = part.timings.at(-1);
  const untimed = part.text.slice(last?.endIndex ?? 0).trim();
  return Math.max(receivedMs, (last?.endMs ?? 0) + untimed.length * MS_PER_CHARACTER);
}

function isPlayable(part: TimedText): boolean {
  return part.isComplete && part.startBytes !== undefined;
}

function isHeardOut(parts: readonly TimedText[], heardBytes: number): boolean {
  const last = parts.at(-1);
  const totalBytes = last === undefined ? 0 : (last.startBytes ?? 0) + last.receivedBytes;
  // The tolerance is limited, so that a short reply such as "Yes." is not counted as heard before it was played.
  return heardBytes >= totalBytes - Math.min(END_TOLERANCE_BYTES, totalBytes / 2);
}

function hear(
  parts: readonly TimedText[],
  heardBytes: number,
  complete: boolean,
  offsetMsOf: (bytes: number) => MediaMs | undefined,
): { heardText: string; words: TimedWord[] } {
  const heardTexts: string[] = [];
  const words: TimedWord[] = [];
  let isHearing = true;
  let nextStartBytes = 0;
  for (const part of parts) {
    const startBytes = part.startBytes ?? nextStartBytes;
    nextStartBytes = startBytes + estimateDurationMs(part) * BYTES_PER_MS;
    const heardMs = bytesToMs(heardBytes - startBytes);
    const hasAudio = part.startBytes !== undefined && part.receivedBytes > 0;
    const isWhole = complete || (hasAudio && part.isComplete && nextStartBytes <= heardBytes);
    let heardEndIndex = 0;
    for (const word of timeWords(part)) {
      const heard: boolean = isHearing && (isWhole || (hasAudio && isWordHeard(word, heardMs)));
      isHearing = heard;
      if (heard) heardEndIndex = word.endIndex;
      words.push(placeWord(word, startBytes, heard, offsetMsOf));
    }
    heardTexts.push(part.text.slice(0, heardEndIndex));
  }
  return { heardText: joinTexts(heardTexts), words };
}

function isWordHeard({ startMs, endMs }: SpokenWord, heardMs: number): boolean {
  return heardMs > 0 && heardMs >= startMs + (endMs - startMs) / 2;
}

function placeWord(
  word: SpokenWord,
  startBytes: number,
  heard: boolean,
  offsetMsOf: (bytes: number) => MediaMs | undefined,
): TimedWord {
  const startOffsetMs = Math.round(offsetMsOf(startBytes + word.startMs * BYTES_PER_MS) ?? 0);
  const endOffsetMs = Math.round(offsetMsOf(startBytes + word.endMs * BYTES_PER_MS) ?? 0);
  return { text: word.text, startOffsetMs, endOffsetMs: Math.max(startOffsetMs, endOffsetMs), heard };
}

interface TimePoint {
  readonly index: number;
  readonly ms: number;
}

/** Known times in the text, ascending in both; times between them are interpolated. */
function timePoints(part: TimedText): TimePoint[] {
  const durationMs = estimateDurationMs(part);
  const scale = timingScale(part, durationMs);
  const points: TimePoint[] = [{ index: 0, ms: 0 }];
  const add = (index: number, ms: number): void => {
    const last = points.at(-1)!;
    if (index >= last.index) points.push({ index, ms: Math.min(Math.max(ms, last.ms), durationMs) });
  };
  for (const { startIndex, endIndex, startMs, endMs } of part.timings) {
    add(startIndex, startMs * scale);
    add(endIndex, endMs * scale);
  }
  add(part.text.length, durationMs);
  return points;
}

function timingScale(part: TimedText, durationMs: number): number {
  const last = part.timings.at(-1);
  if (!part.isComplete || last === undefined || last.endMs <= 0) return 1;
  if (/[\p{L}\p{N}]/u.test(part.text.slice(last.endIndex))) return 1;
  return Math.abs(last.endMs - durationMs) > TIMING_TOLERANCE * durationMs ? durationMs / last.endMs : 1;
}

/** If several times are known for one index, a word that starts there starts at the latest of them. */
function startTime(points: readonly TimePoint[], index: number): number {
  const at = points.findLastIndex((point) => point.index <= index);
  return interpolate(points[at]!, points[at + 1], index);
}

/** A word that ends there ends at the earliest of them. */
function endTime(points: readonly TimePoint[], index: number): number {
  const at = points.findIndex((point) => point.index >= index);
  if (at < 0) return points.at(-1)!.ms;
  return points[at]!.index === index ? points[at]!.ms : interpolate(points[at - 1]!, points[at], index);
}

function interpolate(before: TimePoint, after: TimePoint | undefined, index: number): number {
  if (after === undefined || after.index === before.index) return before.ms;
  return before.ms + ((after.ms - before.ms) * (index - before.index)) / (after.index - before.index);
}
