/** The constants of turn-taking, with their reasons; settings of a tenant are in TurnSettings. RULES.md cites them. */

/**
 * A committed turn brings sound within this, or an apology [T30]: callers hang up after about ten seconds of nothing.
 */
export const LIVENESS_MS = 8_000;
/** A running tool renews the wait by this at most: four times a tool's own default deadline of 5 s. */
export const TOOL_PATIENCE_MS = 20_000;
/** Tools of a reply that was cut are aborted or finish within their own deadline (5 s) and a second. */
export const CUT_TOOL_PATIENCE_MS = 6_000;
/** Limit of silence, whatever the number of tools in a row. */
export const LIVENESS_CEILING_MS = 30_000;
/** After a reply without sound: time for its action (a transfer, the end of the call) to begin. */
export const MUTE_REPLY_GRACE_MS = 1_000;
/** An apology that is not heard either is tried once more; then the silence rules take over. */
export const MAX_APOLOGIES = 2;

/**
 * Final transcripts arrive up to about a second after their turn was flushed; this much late they still belong to it.
 */
export const LATE_FINAL_MS = 1_200;
/** A final without a turn of its own that repeats or extends the last one belongs to that, however late it comes. */
export const REPEATED_FINAL_MS = 10_000;
/** An open turn without updates ends after this. */
export const STUCK_TURN_MS = 5_000;
/** The recogniser's own ceiling must have had its chance before a turn counts as stuck. */
export const STUCK_TURN_MARGIN_MS = 1_000;

/**
 * Speech synthesis speaks about 15 characters a second; used to estimate the position of the playout between two
 * reports.
 */
export const CHARACTER_MS = 65;
/** The same for watchdogs, which must not cut a slow voice. */
export const SLOW_CHARACTER_MS = 100;
/** This close to the end of a reply, or in its last quarter, a question counts as asked. */
export const QUESTION_END_MS = 1_500;
export const QUESTION_END_SHARE = 0.25;

/** A recogniser needs about this from the onset of speech to its first words. */
export const RECOGNITION_LAG_MS = 400;
/** Line and handset return an echo within this after the agent's own sound began or ended. */
export const ECHO_LAG_MS = 600;
/** How many of the agent's last words are kept, for recognising echoes. */
export const MAX_SPOKEN_WORDS = 400;

/** After this many pauses of one reply without words, only words pause it, because the sound is noise or echo. */
export const MAX_FALSE_PAUSES = 3;

/** Voice activity without words, for instance of a television, delays the silence rules no longer than this. */
export const VOICE_WITHOUT_WORDS_MS = 10_000;

/** The vendor's recommended threshold for input with pauses: between two groups of digits they last 1–2 s. */
export const PATIENT_END_OF_TURN_THRESHOLD = 0.85;
export const PATIENT_END_OF_TURN_TIMEOUT_MS = 8_000;

export const DIGITS_PAUSE_MS = 2_000;
/** No input needs more digits; more of them are a stuck key. */
export const MAX_DIGITS = 64;

/** At the maximum length of a call a sentence in progress may end, but not much more. */
export const LAST_SENTENCE_MS = 5_000;

/** A caller's turn is remembered up to this for comparison and merging; nobody speaks longer without a pause. */
export const MAX_TURN_CHARACTERS = 8_000;
export const MAX_TURN_WORDS = 1_000;
