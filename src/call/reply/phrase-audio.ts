import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import { synthesise } from './synthesise.ts';
import type { Voice } from './voices.ts';

export interface PhraseAudioDeps {
  /** Folder in which phrases are cached across restarts; created when missing. */
  readonly folder: string;
  readonly clock: Clock;
  /** Called for every failure, which is retried automatically. */
  readonly onFailure?: (error: unknown, vendor: string) => void;
  readonly maxMemoryBytes?: number;
}

/** About 2.3 h of speech: the phrases of some hundred agents. */
const DEFAULT_MEMORY_BYTES = 64 * 1024 * 1024;
const FIRST_RETRY_MS = 30_000;
const MAX_RETRY_MS = 10 * 60_000;

interface Wanted {
  readonly voice: Voice;
  readonly text: string;
  failures: number;
}

/**
 * Cache of pre-synthesised greetings and stock phrases per voice, in memory and on disk, so that the first words of a
 * call and its apologies need no vendor. A call only reads it; what is missing is synthesised like any other text.
 */
export class PhraseAudio {
  readonly #deps: PhraseAudioDeps;
  readonly #memory: LRUCache<string, Uint8Array>;
  readonly #failed = new Map<string, Wanted>();
  /**
   * Phrases are synthesised one at a time, so that they do not compete with calls for the vendor's concurrency limit.
   */
  readonly #oneAtATime = pLimit(1);
  #cancelRetry: CancelTimer | undefined;
  #isClosed = false;

  constructor(deps: PhraseAudioDeps) {
    this.#deps = deps;
    this.#memory = new LRUCache({
      maxSize: deps.maxMemoryBytes ?? DEFAULT_MEMORY_BYTES,
      // lru-cache requires sizes above 0.
      sizeCalculation: (audio) => Math.max(1, audio.length),
    });
  }

  /** The cached audio, if there is some; synchronous. */
  find(voice: Voice, text: string): Uint8Array | undefined {
    return this.#memory.get(keyOf(voice, text));
  }

  /** Synthesises what is missing; resolves when each text is cached or has failed once, and never rejects. */
  async prepare(voice: Voice, texts: readonly string[]): Promise<void> {
    await this.#oneAtATime.map(texts, (text) => this.#prepareOne({ voice, text, failures: 0 }));
  }

  /** Cancels pending syntheses and retries. */
  close(): void {
    this.#isClosed = true;
    this.#failed.clear();
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
  }

  async #prepareOne(wanted: Wanted): Promise<void> {
    const { voice, text } = wanted;
    const key = keyOf(voice, text);
    if (this.#isClosed || this.#memory.has(key)) return;
    try {
      const stored = await this.#read(key);
      const audio = stored ?? (await synthesise(voice, text, this.#deps.clock));
      this.#memory.set(key, audio);
      if (stored === undefined) await this.#write(key, audio);
    } catch (error) {
      this.#deps.onFailure?.(error, voice.tts.vendor);
      // Audio that could not be written to disk is used from memory until the next start.
      if (!this.#memory.has(key)) this.#retryLater(key, { ...wanted, failures: wanted.failures + 1 });
    }
  }

  #retryLater(key: string, wanted: Wanted): void {
    if (this.#isClosed) return;
    this.#failed.set(key, wanted);
    const delayMs = Math.min(FIRST_RETRY_MS * 2 ** (wanted.failures - 1), MAX_RETRY_MS);
    this.#cancelRetry ??= this.#deps.clock.after(delayMs, () => this.#retry());
  }

  #retry(): void {
    this.#cancelRetry = undefined;
    const failed = [...this.#failed.values()];
    this.#failed.clear();
    for (const wanted of failed) void this.#oneAtATime(() => this.#prepareOne(wanted));
  }

  async #read(key: string): Promise<Uint8Array | undefined> {
    try {
      const audio = await readFile(this.#pathOf(key));
      return audio.length === 0 ? undefined : audio;
    } catch {
      // A missing or unreadable file is synthesised again.
      return undefined;
    }
  }

  /** Writes a temporary file and renames it, so that a crash leaves no incomplete phrase. */
  async #write(key: string, audio: Uint8Array): Promise<void> {
    await mkdir(this.#deps.folder, { recursive: true });
    const draft = join(this.#deps.folder, `${randomUUID()}.draft`);
    await writeFile(draft, audio);
    await rename(draft, this.#pathOf(key));
  }

  #pathOf(key: string): string {
    return join(this.#deps.folder, `${createHash('sha256').update(key).digest('hex')}.ulaw`);
  }
}

function keyOf({ tts, options }: Voice, text: string): string {
  return JSON.stringify([tts.vendor, options.voiceId, options.language, options.speed, text]);
}
