import type { ListenLatency } from '../faults.ts';

/**
 * The simulated recogniser's confidence that the caller has finished, by the silence since the last word. The curve
 * goes through the two values of the latency settings; beyond them a cautious threshold (0.85) waits about twice as
 * long as the default.
 */
const BEYOND: readonly (readonly [confidence: number, timesEndOfTurn: number])[] = [
  [0.8, 1.5],
  [0.85, 2],
  [0.9, 3],
  [0.99, 12],
];

/** In the middle of a sentence a pause means less: it must be this much longer. */
export const UNFINISHED_FACTOR = 3;

type Curve = readonly (readonly [confidence: number, silenceMs: number])[];

export function confidenceCurve({ endOfTurnMs, eagerEndOfTurnMs }: ListenLatency): Curve {
  return [
    [0, 0],
    [0.4, eagerEndOfTurnMs],
    [0.7, endOfTurnMs],
    ...BEYOND.map(([confidence, times]) => [confidence, times * endOfTurnMs] as const),
  ];
}

/** Infinite for a threshold of 1, which switches the detection off. */
export function silenceFor(curve: Curve, threshold: number): number {
  for (let index = 1; index < curve.length; index += 1) {
    const [confidence, silenceMs] = curve[index]!;
    if (threshold > confidence) continue;
    const [below, belowMs] = curve[index - 1]!;
    return belowMs + ((threshold - below) / (confidence - below)) * (silenceMs - belowMs);
  }
  return Infinity;
}

export function confidenceAt(curve: Curve, silenceMs: number): number {
  for (let index = 1; index < curve.length; index += 1) {
    const [confidence, atMs] = curve[index]!;
    if (silenceMs > atMs) continue;
    const [below, belowMs] = curve[index - 1]!;
    return atMs === belowMs
      ? confidence
      : below + ((silenceMs - belowMs) / (atMs - belowMs)) * (confidence - below);
  }
  return curve.at(-1)![0];
}
