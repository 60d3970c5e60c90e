/** Ready-made lines, kept as text in prompts/phrases/<language>.json and pre-synthesised per voice. */
export type PhraseName =
  | 'one-moment'
  | 'still-working'
  | 'apology'
  | 'vendors-failed'
  | 'repeat-request'
  | 'reprompt-1'
  | 'reprompt-2'
  | 'goodbye-silence'
  | 'wrap-up'
  | 'goodbye-max-duration'
  | 'transferring'
  | 'transfer-failed'
  | 'shutdown'
  /** Spoken by the carrier, before there is a stream. */
  | 'unknown-number'
  | 'busy';
