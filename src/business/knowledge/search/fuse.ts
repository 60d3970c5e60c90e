/** What one way of searching found: the best first. */
export type Ranking = readonly string[];

/** The usual constant: the first places of one list weigh little more than the next ones of another. */
const RANK_CONSTANT = 60;

/**
 * One ranking out of several, by places alone: scores of different kinds cannot be added, places can (reciprocal
 * rank fusion). What several found stands above what one did; equal scores keep the order of the first list.
 */
export function fuse(rankings: readonly Ranking[]): ReadonlyMap<string, number> {
  const scores = new Map<string, number>();
  for (const ranking of rankings) {
    for (const [index, key] of ranking.entries()) {
      scores.set(key, (scores.get(key) ?? 0) + 1 / (RANK_CONSTANT + index + 1));
    }
  }
  return new Map([...scores].toSorted((a, b) => b[1] - a[1]));
}
