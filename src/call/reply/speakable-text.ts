/** Emoji, flags and skin tones, with the invisible characters that join them. */
const EMOJI =
  /\p{Extended_Pictographic}|\p{Regional_Indicator}|[\u{1F3FB}-\u{1F3FF}]|\u{FE0F}|\u{20E3}|\u{200D}/gu;

/**
 * Removes from a model's text what is not spoken: markdown, emoji, line ends. Voice, record and heard text all use the
 * result, so that positions in it mean the same everywhere.
 */
export function speakable(text: string): string {
  return text
    .replace(/^[ \t]*(?:#{1,6}[ \t]+|>[ \t]+|[-*+•][ \t]+)/gmu, '')
    .replace(/!?\[([^\]]*)\]\([^)\s]*\)/gu, '$1')
    .replace(/```[a-z]*|`|~~/gu, '')
    .replace(/\*+(?=\S)|(?<=\S)\*+/gu, '')
    .replace(/(?<![\p{L}\p{N}_])_+(?=\S)|(?<=\S)_+(?![\p{L}\p{N}_])/gu, '')
    .replace(EMOJI, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Whether it contains letters or digits to be spoken. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
