import { BYTES_PER_MS, FRAME_BYTES, FRAME_MS, MULAW_SILENCE } from '../../src/audio/frame.ts';
import { levelOf } from './level.ts';
import type { SpokenWord } from './word-timing.ts';

/**
 * The simulated recogniser: it knows in advance what callers say and its audio, and finds that in the audio it
 * receives. A word whose audio does not arrive is not recognised.
 */

export interface TransmittedUtterance {
  /** As transmitted: noise and echo included. */
  readonly mulaw: Uint8Array;
  readonly words: readonly SpokenWord[];
}

export interface HeardWord {
  readonly text: string;
  /** Milliseconds from the first byte the finder was given. */
  readonly startMs: number;
  readonly endMs: number;
  /** Differs between utterances; the same for the words of one. */
  readonly utterance: number;
  /** True for the last word of an utterance. */
  readonly isLast: boolean;
}

/** 20 ms of received audio. */
export interface HeardFrame {
  readonly startMs: number;
  /** The line carries something well above its noise: speech, or a cough. */
  readonly hasEnergy: boolean;
  /** Words of which this frame brought the end, or proved it past. Usually empty. */
  readonly words: readonly HeardWord[];
}

interface Utterance {
  readonly id: number;
  readonly words: readonly WordFrames[];
  readonly keys: number[];
  /** Frames loud enough to be identified. */
  readonly identifiable: Set<number>;
}

interface WordFrames {
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly firstFrame: number;
  readonly lastFrame: number;
}

interface Place {
  readonly utterance: Utterance;
  readonly frame: number;
}

/** Quieter frames are alike everywhere, so they identify nothing. */
const IDENTIFIABLE_LEVEL = 60;
/** About half an hour of speech that is not repeated. */
const MAX_UTTERANCES = 600;
const MAX_PLACES_PER_FRAME = 6;

export class SpeechRegistry {
  readonly #places = new Map<number, Place[]>();
  /** In order of last use; the oldest is evicted. */
  readonly #utterances = new Map<Utterance, Uint8Array | undefined>();
  readonly #byAudio = new Map<Uint8Array, Utterance>();
  #nextId = 1;

  /** Makes an utterance known; the same audio (the same array) registered again costs nothing. */
  register(utterance: TransmittedUtterance): void {
    const known = this.#byAudio.get(utterance.mulaw);
    if (known !== undefined) {
      this.#utterances.delete(known);
      this.#utterances.set(known, utterance.mulaw);
      return;
    }
    const entry = this.#add(utterance.words, utterance.mulaw);
    this.#byAudio.set(utterance.mulaw, entry);
    for (let start = 0, frame = 0; start < utterance.mulaw.length; start += FRAME_BYTES, frame += 1) {
      this.#index(entry, frame, paddedFrame(utterance.mulaw, start));
    }
  }

  /** For audio that is only known as it is sent: returns what takes its frames, in order, each before it is sent. */
  registerByFrame(words: readonly SpokenWord[]): (frame: Uint8Array) => void {
    const entry = this.#add(words, undefined);
    let frame = 0;
    return (mulaw) => {
      if (this.#utterances.has(entry)) this.#index(entry, frame, mulaw);
      frame += 1;
    };
  }

  find(key: number): readonly Place[] {
    return this.#places.get(key) ?? [];
  }

  #add(words: readonly SpokenWord[], mulaw: Uint8Array | undefined): Utterance {
    const entry: Utterance = {
      id: this.#nextId,
      words: words.map(toWordFrames),
      keys: [],
      identifiable: new Set(),
    };
    this.#nextId += 1;
    this.#utterances.set(entry, mulaw);
    if (this.#utterances.size > MAX_UTTERANCES) this.#forgetOldest();
    return entry;
  }

  #index(utterance: Utterance, frame: number, mulaw: Uint8Array): void {
    if (levelOf(mulaw) < IDENTIFIABLE_LEVEL) return;
    const key = frameKey(mulaw, 0);
    utterance.keys.push(key);
    utterance.identifiable.add(frame);
    const places = this.#places.get(key);
    if (places === undefined) this.#places.set(key, [{ utterance, frame }]);
    else if (places.length < MAX_PLACES_PER_FRAME) places.push({ utterance, frame });
  }

  #forgetOldest(): void {
    const [oldest, mulaw] = this.#utterances.entries().next().value!;
    this.#utterances.delete(oldest);
    if (mulaw !== undefined) this.#byAudio.delete(mulaw);
    for (const key of oldest.keys) {
      const left = this.#places.get(key)?.filter((place) => place.utterance !== oldest) ?? [];
      if (left.length === 0) this.#places.delete(key);
      else this.#places.set(key, left);
    }
  }
}

/** What is being heard of one utterance. */
interface Hearing {
  readonly utterance: Utterance;
  /** Frames of the utterance that have arrived. */
  readonly frames: Set<number>;
  lastFrame: number;
  /** Where the utterance began on this connection, by the last frame found. */
  originMs: number;
  nextWord: number;
  unknownFrames: number;
}

/** So much of a word must arrive for it to be understood. */
const UNDERSTOOD_SHARE = 0.6;
/** A word that is cut short is settled so long after its end. */
const SETTLING_FRAMES = 3;
/** Audible but unknown audio is searched for another frame alignment, once in so many frames: it costs 160 hashes. */
const REALIGN_EVERY = 4;
const ENERGY_FLOOR = 150;

/** Finds known utterances in one connection's audio. */
export class SpeechFinder {
  readonly #registry: SpeechRegistry;
  #pending: Uint8Array = new Uint8Array(0);
  /** The last 20 ms and the present 20 ms. */
  readonly #window = new Uint8Array(2 * FRAME_BYTES).fill(MULAW_SILENCE);
  #consumedBytes = 0;
  #hearing: Hearing | undefined;
  #unknownAudible = 0;
  #noiseLevel = 50;

  constructor(registry: SpeechRegistry) {
    this.#registry = registry;
  }

  /** Takes received audio of any length; answers for every 20 ms that are complete. */
  push(bytes: Uint8Array): HeardFrame[] {
    const audio = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const frames: HeardFrame[] = [];
    let at = 0;
    while (audio.length - at >= FRAME_BYTES) {
      const heard = this.#hear(audio, at);
      frames.push(heard.frame);
      at += heard.bytes;
    }
    // A copy, because the sender may reuse its buffer.
    this.#pending = audio.slice(at);
    return frames;
  }

  /** The audio has ended: words that arrived nearly completely are recognised. */
  finish(): readonly HeardWord[] {
    const words: HeardWord[] = [];
    if (this.#hearing !== undefined) this.#settle(this.#hearing, Number.POSITIVE_INFINITY, words);
    this.#hearing = undefined;
    return words;
  }

  #hear(audio: Uint8Array, at: number): { frame: HeardFrame; bytes: number } {
    const startMs = this.#consumedBytes / BYTES_PER_MS;
    const level = levelOf(audio, at, at + FRAME_BYTES);
    this.#window.copyWithin(0, FRAME_BYTES);
    this.#window.set(audio.subarray(at, at + FRAME_BYTES), FRAME_BYTES);
    const hasEnergy = this.#standsOut(level);
    const words: HeardWord[] = [];
    const isAudible = level >= IDENTIFIABLE_LEVEL;
    const place = isAudible ? this.#placeOf(this.#registry.find(frameKey(audio, at))) : undefined;
    let bytes = FRAME_BYTES;
    if (place !== undefined) {
      this.#unknownAudible = 0;
      this.#follow(place, startMs, words);
    } else {
      this.#missKnown(words);
      if (isAudible) bytes = this.#realign(startMs, words);
    }
    this.#consumedBytes += bytes;
    return { frame: { startMs, hasEnergy, words }, bytes };
  }

  /** Of several utterances that sound alike here, the one being heard; else the one registered last. */
  #placeOf(places: readonly Place[]): Place | undefined {
    const hearing = this.#hearing;
    if (hearing === undefined) return places.at(-1);
    const onward = places.filter(
      (place) => place.utterance === hearing.utterance && place.frame > hearing.lastFrame,
    );
    return onward[0] ?? places.at(-1);
  }

  #follow(place: Place, startMs: number, words: HeardWord[]): void {
    const hearing = this.#continueOrBegin(place, startMs, words);
    // Words that end before this frame are settled with the origin of their own frames.
    this.#settle(hearing, place.frame - 1, words);
    hearing.frames.add(place.frame);
    hearing.lastFrame = place.frame;
    hearing.originMs = startMs - place.frame * FRAME_MS;
    hearing.unknownFrames = 0;
    this.#settle(hearing, place.frame, words);
  }

  #continueOrBegin(place: Place, startMs: number, words: HeardWord[]): Hearing {
    const current = this.#hearing;
    if (current?.utterance === place.utterance && place.frame > current.lastFrame) return current;
    const next: Hearing = {
      utterance: place.utterance,
      frames: new Set(),
      lastFrame: place.frame,
      originMs: startMs - place.frame * FRAME_MS,
      nextWord: 0,
      unknownFrames: 0,
    };
    this.#hearing = next;
    if (current === undefined) return next;
    if (current.utterance !== place.utterance && current.originMs === next.originMs) {
      // Two utterances begin alike, and only now does the sound show which one it is.
      return (this.#hearing = { ...current, utterance: place.utterance });
    }
    this.#settle(current, Number.POSITIVE_INFINITY, words);
    return next;
  }

  /** Quiet or unknown audio: words whose last frames are missing are settled once they would be over. */
  #missKnown(words: HeardWord[]): void {
    const hearing = this.#hearing;
    if (hearing === undefined) return;
    hearing.unknownFrames += 1;
    this.#settle(hearing, hearing.lastFrame + hearing.unknownFrames - SETTLING_FRAMES, words);
  }

  /** Decides the words that end at or before `untilFrame`: understood if enough of them arrived, else lost. */
  #settle(hearing: Hearing, untilFrame: number, words: HeardWord[]): void {
    const all = hearing.utterance.words;
    for (let word = all[hearing.nextWord]; word !== undefined; word = all[hearing.nextWord]) {
      if (word.lastFrame > untilFrame) return;
      hearing.nextWord += 1;
      if (!wasUnderstood(word, hearing.utterance, hearing.frames)) continue;
      words.push({
        text: word.text,
        startMs: hearing.originMs + word.startMs,
        endMs: hearing.originMs + word.endMs,
        utterance: hearing.utterance.id,
        isLast: hearing.nextWord === all.length,
      });
    }
  }

  /**
   * Looks for a known frame that began inside the previous 20 ms; answers how many bytes of the present belong to it.
   */
  #realign(startMs: number, words: HeardWord[]): number {
    this.#unknownAudible += 1;
    if (this.#unknownAudible % REALIGN_EVERY !== 2) return FRAME_BYTES;
    for (let offset = 1; offset < FRAME_BYTES; offset += 1) {
      const place = this.#placeOf(this.#registry.find(frameKey(this.#window, offset)));
      if (place === undefined) continue;
      this.#follow(place, startMs - FRAME_MS + offset / BYTES_PER_MS, words);
      return offset;
    }
    return FRAME_BYTES;
  }

  /** The noise floor falls quickly and rises slowly, so that speech does not become noise. */
  #standsOut(level: number): boolean {
    const isAbove = level > Math.max(ENERGY_FLOOR, this.#noiseLevel * 2.2);
    this.#noiseLevel =
      level < this.#noiseLevel
        ? this.#noiseLevel * 0.8 + level * 0.2
        : this.#noiseLevel + Math.min(level - this.#noiseLevel, 3);
    return isAbove;
  }
}

function toWordFrames(word: SpokenWord): WordFrames {
  const firstFrame = Math.floor(word.startMs / FRAME_MS);
  const lastFrame = Math.max(firstFrame, Math.ceil(word.endMs / FRAME_MS) - 1);
  return { text: word.text, startMs: word.startMs, endMs: word.endMs, firstFrame, lastFrame };
}

function wasUnderstood(word: WordFrames, utterance: Utterance, heard: ReadonlySet<number>): boolean {
  let expected = 0;
  let arrived = 0;
  for (let frame = word.firstFrame; frame <= word.lastFrame; frame += 1) {
    if (!utterance.identifiable.has(frame)) continue;
    expected += 1;
    if (heard.has(frame)) arrived += 1;
  }
  return expected > 0 && arrived >= expected * UNDERSTOOD_SHARE;
}

function paddedFrame(mulaw: Uint8Array, start: number): Uint8Array {
  if (start + FRAME_BYTES <= mulaw.length) return mulaw.subarray(start, start + FRAME_BYTES);
  const frame = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE);
  frame.set(mulaw.subarray(start));
  return frame;
}

/** 53 bits of two FNV-like hashes: two different frames of an hour of speech practically never share one. */
function frameKey(audio: Uint8Array, start: number): number {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let i = start; i < start + FRAME_BYTES; i += 1) {
    a = Math.imul(a ^ audio[i]!, 0x01000193);
    b = Math.imul(b ^ audio[i]!, 0x85ebca6b) ^ (b >>> 15);
  }
  return (a >>> 0) * 0x20_0000 + ((b ^ (b >>> 16)) & 0x1f_ffff);
}
