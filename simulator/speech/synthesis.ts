import { agentSpeech } from './agent-speech.ts';
import { SpeakingThread } from './speaking-thread.ts';
import type { SpeakingVoice, SynthesisedSpeech } from './synthesised-speech.ts';

export interface SynthesisOptions {
  readonly voice?: SpeakingVoice;
  /** 1 is normal, 1.2 a hurried speaker. */
  readonly speed?: number;
  /** `tones` forces the voice that is used where no speech engine is installed. */
  readonly engine?: 'speech' | 'tones';
}

const MAX_CACHED = 400;
const cache = new Map<string, Promise<SynthesisedSpeech>>();
const thread = new SpeakingThread();

/** Speaks `text`; a text spoken before comes from memory (the last 400 are kept). */
export function synthesise(text: string, options: SynthesisOptions = {}): Promise<SynthesisedSpeech> {
  const { voice = 'agent', speed = 1, engine = 'speech' } = options;
  const key = `${voice} ${speed} ${engine} ${text}`;
  const cached = cache.get(key);
  if (cached !== undefined) {
    cache.delete(key);
    cache.set(key, cached);
    return cached;
  }
  const speech = thread.speak({ text, voice, speed, engine }).then((spoken) => {
    if (voice !== 'caller') agentSpeech.register(spoken);
    return spoken;
  });
  cache.set(key, speech);
  if (cache.size > MAX_CACHED) cache.delete(cache.keys().next().value!);
  // A failure is not cached.
  speech.catch(() => cache.delete(key));
  return speech;
}
