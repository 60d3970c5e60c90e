const ZERO_CROSSINGS = 16;
/** Leaves 500 Hz for the filter's slope below the 4 kHz that 8 kHz audio can hold. */
const CUTOFF_HZ = 3_500;

/** Windowed-sinc conversion to a lower rate, with an anti-aliasing filter. */
export function downsample(samples: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return samples;
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const phaseCount = toHz / divisor;
  const step = fromHz / divisor;
  const halfWidth = Math.ceil((ZERO_CROSSINGS * fromHz) / (2 * CUTOFF_HZ));
  const phases = Array.from({ length: phaseCount }, (_, phase) =>
    kernel(phase / phaseCount, halfWidth, fromHz),
  );
  const output = new Int16Array(Math.floor((samples.length * toHz) / fromHz));
  for (let n = 0; n < output.length; n += 1) {
    const position = n * step;
    const taps = phases[position % phaseCount]!;
    const first = Math.floor(position / phaseCount) - halfWidth + 1;
    let sum = 0;
    for (let k = Math.max(0, -first); k < taps.length && first + k < samples.length; k += 1) {
      sum += taps[k]! * samples[first + k]!;
    }
    output[n] = Math.max(-32_768, Math.min(32_767, Math.round(sum)));
  }
  return output;
}

/** Taps for an output sample that lies `fraction` of an input sample after tap `halfWidth - 1`; they sum to 1. */
function kernel(fraction: number, halfWidth: number, fromHz: number): Float64Array {
  const taps = new Float64Array(2 * halfWidth);
  const cutoff = (2 * CUTOFF_HZ) / fromHz;
  let sum = 0;
  for (let k = 0; k < taps.length; k += 1) {
    const distance = k - (halfWidth - 1) - fraction;
    const x = Math.PI * cutoff * distance;
    const sinc = x === 0 ? 1 : Math.sin(x) / x;
    const w = (Math.PI * distance) / halfWidth;
    const blackman = Math.abs(distance) >= halfWidth ? 0 : 0.42 + 0.5 * Math.cos(w) + 0.08 * Math.cos(2 * w);
    taps[k] = sinc * blackman;
    sum += taps[k]!;
  }
  return taps.map((tap) => tap / sum);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
