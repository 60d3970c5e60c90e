/** The keys that one way of searching found, the best first. */
export type Ranking = readonly string[];

/** The usual constant of reciprocal rank fusion: neighbouring places weigh almost the same. */
const RANK_CONSTANT = 60;

/**
 * Merges rankings by reciprocal rank fusion: scores of different kinds cannot be added, but places can. Keys that
 * several rankings contain come before those of one; equal scores keep the order of the first ranking.
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
