import type { SpeakingVoice } from './synthesised-speech.ts';
import type { RawSpeech } from './raw-speech.ts';

interface EspeakEvent {
  readonly type: string;
  /** In code points, counted from 1. */
  readonly text_position: number;
  /** In milliseconds of the audio. */
  readonly audio_position: number;
}

interface EspeakWorker {
  get_samplerate(): number;
  set_voice(name: string): number;
  set_rate(wordsPerMinute: number): void;
  set_pitch(pitch: number): void;
  synthesize(
    text: string,
    callback: (audio: Int16Array | null, events: readonly EspeakEvent[]) => void,
  ): void;
}

interface EspeakModule {
  default(): Promise<{ readonly eSpeakNGWorker: new () => EspeakWorker | Promise<EspeakWorker> }>;
}

const voices: Record<SpeakingVoice, { readonly name: string; readonly pitch: number }> = {
  caller: { name: 'en-us+m3', pitch: 42 },
  agent: { name: 'gmw/en-GB-x-rp+f2', pitch: 55 },
  carrier: { name: 'en-us', pitch: 50 },
  person: { name: 'gmw/en+m2', pitch: 35 },
};

/** Fast enough not to drag, slow enough to be understood at 8 kHz. */
const WORDS_PER_MINUTE = 165;

let loading: Promise<EspeakWorker | undefined> | undefined;

/** Speech by the offline engine, or undefined where that optional package is not installed. */
export async function speakWithEspeak(
  text: string,
  voice: SpeakingVoice,
  speed: number,
): Promise<RawSpeech | undefined> {
  loading ??= load();
  const worker = await loading;
  if (worker === undefined) return undefined;
  worker.set_voice(voices[voice].name);
  worker.set_pitch(voices[voice].pitch);
  worker.set_rate(Math.round(WORDS_PER_MINUTE * speed));
  const chunks: Int16Array[] = [];
  const wordStarts: { characterIndex: number; atMs: number }[] = [];
  worker.synthesize(text, (audio, events) => {
    // Each chunk is a view into memory that the engine reuses.
    if (audio !== null && audio.length > 0) chunks.push(audio.slice());
    for (const event of events) {
      if (event.type !== 'word') continue;
      wordStarts.push({ characterIndex: event.text_position - 1, atMs: event.audio_position });
    }
  });
  return { samples: join(chunks), sampleRateHz: worker.get_samplerate(), wordStarts };
}

async function load(): Promise<EspeakWorker | undefined> {
  // The name is not a literal, so that TypeScript does not resolve a package that may be absent (and has no types).
  const packageName: string = '@echogarden/espeak-ng-emscripten';
  try {
    const module = (await import(packageName)) as EspeakModule;
    const engine = await module.default();
    return await new engine.eSpeakNGWorker();
  } catch {
    return undefined;
  }
}

function join(chunks: readonly Int16Array[]): Int16Array {
  const all = new Int16Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return all;
}
