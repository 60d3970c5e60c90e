import { ECHO_LAG_MS } from './timing.ts';
import type { TurnState } from './turn-state.ts';

/** From this many words on, the agent's own words in the same order are taken for an echo. */
const SURE_ECHO_WORDS = 4;
/** Share of words that must match, because a recogniser mishears parts of an echo. */
const MATCHING_SHARE = 0.7;

/**
 * Whether recognised text is an echo of the agent, for instance from a loudspeaker [T16]. A caller who picks an option
 * ("Tuesday at three") uses the agent's words too, but after hearing them, while an echo begins together with the
 * agent's sound. So a few words count as echo only with that onset.
 */
export function isEcho(state: TurnState, words: readonly string[], onsetAtMs: number): boolean {
  const { reply, spoken } = state;
  if (words.length === 0 || spoken.words.length === 0) return false;
  const isSounding = reply.phase === 'speaking' || reply.phase === 'paused';
  if (!isSounding && (spoken.endedAtMs === undefined || onsetAtMs > spoken.endedAtMs + ECHO_LAG_MS))
    return false;
  if (words.length >= SURE_ECHO_WORDS) return bestMatch(words, spoken.words) >= words.length * MATCHING_SHARE;
  if (!isSounding) return false;
  const beganWithSound = onsetAtMs >= reply.soundSinceMs && onsetAtMs <= reply.soundSinceMs + ECHO_LAG_MS;
  return beganWithSound && bestMatch(words, spoken.words) === words.length;
}

/** The highest number of words of `heard` that match at the same offsets in any part of `spoken`. */
function bestMatch(heard: readonly string[], spoken: readonly string[]): number {
  let best = 0;
  for (let start = 0; start < spoken.length; start += 1) {
    let matching = 0;
    for (let i = 0; i < heard.length; i += 1) if (heard[i] === spoken[start + i]) matching += 1;
    best = Math.max(best, matching);
  }
  return best;
}
