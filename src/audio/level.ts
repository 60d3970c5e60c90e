/** Level of samples in decibels relative to full scale (dBFS); digital silence is -100. */
export function levelDb(samples: Int16Array): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i += 1) sum += samples[i]! * samples[i]!;
  const meanSquare = sum / Math.max(1, samples.length);
  return meanSquare < 0.1 ? -100 : 10 * Math.log10(meanSquare / (32_768 * 32_768));
}
