import { encodeMulaw } from '../../src/audio/mulaw.ts';

/** Sounds as a telephone brings them, made from sums and a fixed seed. Amplitudes are shares of full scale. */
const SAMPLE_RATE_HZ = 8000;

function render(durationMs: number, sampleAt: (seconds: number) => number): Uint8Array {
  const samples = new Int16Array((durationMs * SAMPLE_RATE_HZ) / 1000);
  for (let i = 0; i < samples.length; i += 1) samples[i] = Math.round(sampleAt(i / SAMPLE_RATE_HZ) * 32_767);
  return encodeMulaw(samples);
}

function randomSource(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

export function silence(durationMs: number): Uint8Array {
  return render(durationMs, () => 0);
}

export function hiss(durationMs: number, amplitude = 0.02): Uint8Array {
  const random = randomSource(7);
  return render(durationMs, () => random() * amplitude);
}

export function buzz(durationMs: number, amplitude = 0.2): Uint8Array {
  return render(durationMs, (t) => amplitude * Math.sign(Math.sin(2 * Math.PI * 140 * t)));
}

export function tone(durationMs: number, frequencyHz = 440, amplitude = 0.2): Uint8Array {
  return render(durationMs, (t) => amplitude * Math.sin(2 * Math.PI * frequencyHz * t));
}

/** A hum with vowel-like overtones that swells and fades four times a second, as syllables do. */
export function speech(durationMs: number, amplitude = 0.2): Uint8Array {
  return render(durationMs, (t) => {
    const syllable = Math.abs(Math.sin(Math.PI * 4 * t)) ** 0.7;
    let voice = 0;
    for (let harmonic = 1; harmonic < 20; harmonic += 1) {
      const frequencyHz = 120 * harmonic;
      voice += Math.sin(2 * Math.PI * frequencyHz * t) * Math.exp(-(((frequencyHz - 600) / 400) ** 2));
    }
    return (amplitude * syllable * voice) / 4;
  });
}

/** Consonant-like noise in the same rhythm. */
export function whisper(durationMs: number, amplitude = 0.2): Uint8Array {
  const random = randomSource(11);
  let smoothed = 0;
  return render(durationMs, (t) => {
    smoothed = smoothed * 0.6 + random() * 0.4;
    return amplitude * smoothed * Math.abs(Math.sin(Math.PI * 4 * t));
  });
}
