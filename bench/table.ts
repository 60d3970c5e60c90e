import type { Distribution } from './statistics.ts';

/** Rows under a heading, columns as wide as what is in them. */
export function printTable(
  title: string,
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
  console.log(`\n${title}\n`);
  console.log(line(headings));
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const row of rows) console.log(line(row));
}

/** `p50 / p95 / p99` in milliseconds. */
export function formatDistribution(values: Distribution | undefined): string {
  if (values === undefined) return '–';
  return `${formatMs(values.p50)} / ${formatMs(values.p95)} / ${formatMs(values.p99)}`;
}

export function formatMs(value: number | undefined): string {
  if (value === undefined) return '–';
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** A figure beside its target, and whether it is met. */
export function judged(text: string, isMet: boolean | undefined): string {
  if (isMet === undefined) return text;
  return `${text} ${isMet ? '✓' : '✗'}`;
}
