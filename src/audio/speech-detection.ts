/**
 * Detects the begin and end of speech by hysteresis over the verdicts of a frame classifier and the level of each
 * frame. A classifier alone takes hum, hiss and tones for speech; speech differs from them because its level varies,
 * and is above the noise that the line has had for seconds.
 */
export interface SpeechDetectionSettings {
  /** Speech of this length, within a window half as long again, counts as a begin. */
  readonly startAfterMs: number;
  /** Speech ends after this long without any. */
  readonly endAfterMs: number;
  /** Whether a sound of this level and duration may be an echo of the agent's own voice. */
  readonly isEcho?: (levelDb: number, durationMs: number) => boolean;
}

export interface SpeechDetectionState {
  readonly isSpeaking: boolean;
  /** The last frames, newest last: the level of those that may be speech, undefined for the others. */
  readonly recentDb: readonly (number | undefined)[];
  readonly quietFrames: number;
  /** The lowest level of each of the last measuring periods, oldest first; the last one is in progress. */
  readonly stretchMinimaDb: readonly number[];
  readonly stretchFrames: number;
}

export type SpeechChange = 'speech-started' | 'speech-ended';

const FRAME_MS = 20;
/** Quieter than this is not speech on any telephone line. */
const FAINTEST_DB = -52;
/** Speech is louder than the noise of its line by at least this. */
const ABOVE_NOISE_DB = 6;
/** The noise floor is the lowest level of the last 3 s, in which speech has pauses and noise has none. */
const STRETCH_FRAMES = 25;
const STRETCHES = 6;
/** Standard deviation over the window: hum and hiss stay below 1 dB, syllables range over many. */
const STEADY_DB = 1.5;

const nothingRecent: SpeechDetectionState['recentDb'] = [];

export const initialSpeechDetection: SpeechDetectionState = {
  isSpeaking: false,
  recentDb: nothingRecent,
  quietFrames: 0,
  stretchMinimaDb: [],
  stretchFrames: 0,
};

/** One frame of 20 ms. `isVoiced` is the classifier's verdict. */
export function detectSpeech(
  state: SpeechDetectionState,
  frame: { readonly isVoiced: boolean; readonly levelDb: number },
  settings: SpeechDetectionSettings,
): { readonly state: SpeechDetectionState; readonly change: SpeechChange | undefined } {
  const maybeSpeech =
    frame.isVoiced && frame.levelDb > FAINTEST_DB && frame.levelDb > noiseFloorDb(state) + ABOVE_NOISE_DB;
  const quietFrames = maybeSpeech ? 0 : state.quietFrames + 1;
  if (!maybeSpeech && !state.isSpeaking && !state.recentDb.some((level) => level !== undefined)) {
    // Fast path for the common case: silence after silence leaves the window unchanged.
    return {
      state: { ...trackNoise(state, frame.levelDb), recentDb: nothingRecent, quietFrames },
      change: undefined,
    };
  }
  const startFrames = Math.ceil(settings.startAfterMs / FRAME_MS);
  const windowFrames = Math.ceil(startFrames * 1.5);
  const recentDb = [...state.recentDb, maybeSpeech ? frame.levelDb : undefined].slice(-windowFrames);
  const heard = { ...trackNoise(state, frame.levelDb), recentDb, quietFrames };
  if (state.isSpeaking) {
    const hasEnded = quietFrames * FRAME_MS >= settings.endAfterMs;
    return hasEnded
      ? { state: { ...heard, isSpeaking: false, recentDb: [] }, change: 'speech-ended' }
      : { state: heard, change: undefined };
  }
  const levelsDb = recentDb.filter((level) => level !== undefined);
  const hasStarted =
    maybeSpeech &&
    levelsDb.length >= startFrames &&
    !isSteady(levelsDb) &&
    settings.isEcho?.(meanDb(levelsDb), recentDb.length * FRAME_MS) !== true;
  return { state: { ...heard, isSpeaking: hasStarted }, change: hasStarted ? 'speech-started' : undefined };
}

/** During the first 3 s of a line its noise floor is unknown, and no sound is rejected for its level. */
function noiseFloorDb({ stretchMinimaDb }: SpeechDetectionState): number {
  return stretchMinimaDb.length <= STRETCHES ? -100 : Math.min(...stretchMinimaDb);
}

function trackNoise(
  state: SpeechDetectionState,
  levelDb: number,
): Pick<SpeechDetectionState, 'isSpeaking' | 'stretchMinimaDb' | 'stretchFrames'> {
  const { isSpeaking } = state;
  if (state.stretchMinimaDb.length === 0 || state.stretchFrames >= STRETCH_FRAMES) {
    const stretchMinimaDb = [...state.stretchMinimaDb, levelDb].slice(-(STRETCHES + 1));
    return { isSpeaking, stretchMinimaDb, stretchFrames: 1 };
  }
  const current = state.stretchMinimaDb.at(-1)!;
  const stretchMinimaDb =
    levelDb < current ? [...state.stretchMinimaDb.slice(0, -1), levelDb] : state.stretchMinimaDb;
  return { isSpeaking, stretchMinimaDb, stretchFrames: state.stretchFrames + 1 };
}

/** Mean of the power, so that loud frames count for more, as in hearing. */
function meanDb(levelsDb: readonly number[]): number {
  const power = levelsDb.reduce((sum, level) => sum + 10 ** (level / 10), 0) / levelsDb.length;
  return 10 * Math.log10(power);
}

/** The first frames of a sound rise from silence, whatever it is; they are left out. */
function isSteady(levelsDb: readonly number[]): boolean {
  const settled = levelsDb.slice(Math.min(2, levelsDb.length - 1));
  const mean = settled.reduce((sum, level) => sum + level, 0) / settled.length;
  const variance = settled.reduce((sum, level) => sum + (level - mean) ** 2, 0) / settled.length;
  return Math.sqrt(variance) < STEADY_DB;
}
