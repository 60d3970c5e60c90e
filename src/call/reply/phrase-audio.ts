import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { CancelTimer, Clock } from '../../platform/process/clock.ts';
import { synthesise } from './synthesise.ts';
import type { Voice } from './voices.ts';

export interface PhraseAudioDeps {
  /** Where phrases are stored between starts; created when missing. */
  readonly folder: string;
  readonly clock: Clock;
  /** Called for every failure; a retry follows by itself. */
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
 * Greetings and stock phrases as ready audio, per voice, in memory and on disk, so that the first words of a call and
 * its apologies wait for nobody. A call only ever looks: what is not there is synthesised like any other text.
 */
export class PhraseAudio {
  readonly #deps: PhraseAudioDeps;
  readonly #memory: LRUCache<string, Uint8Array>;
  readonly #failed = new Map<string, Wanted>();
  /** One phrase after the other: making phrases must not compete with the calls for the vendor's slots. */
  readonly #oneAtATime = pLimit(1);
  #cancelRetry: CancelTimer | undefined;
  #isClosed = false;

  constructor(deps: PhraseAudioDeps) {
    this.#deps = deps;
    this.#memory = new LRUCache({
      maxSize: deps.maxMemoryBytes ?? DEFAULT_MEMORY_BYTES,
      // A size has to be more than nothing.
      sizeCalculation: (audio) => Math.max(1, audio.length),
    });
  }

  /** The ready audio, when there is some; never waits. */
  find(voice: Voice, text: string): Uint8Array | undefined {
    return this.#memory.get(keyOf(voice, text));
  }

  /** Makes what is missing; resolves when each text is there or has failed once, and never rejects. */
  async prepare(voice: Voice, texts: readonly string[]): Promise<void> {
    await this.#oneAtATime.map(texts, (text) => this.#prepareOne({ voice, text, failures: 0 }));
  }

  /** Gives up what is not made yet. */
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
      // Audio that only could not be stored is as good as any until the next start.
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
      // Missing or unreadable: it can be made again.
      return undefined;
    }
  }

  /** Written aside and renamed: a process that dies leaves no half phrase. */
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
