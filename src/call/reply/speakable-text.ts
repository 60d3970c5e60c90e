/** Pictures, flags and skin tones, with the invisible characters that join them. */
const EMOJI =
  /\p{Extended_Pictographic}|\p{Regional_Indicator}|[\u{1F3FB}-\u{1F3FF}]|\u{FE0F}|\u{20E3}|\u{200D}/gu;

/**
 * What a model writes as people would say it: no markdown, no emoji, spaces for line ends. Everything after this (the
 * voice, the record, what was heard) works with the same text, so that positions in it mean the same everywhere.
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

/** Whether there is anything in it for a voice to say. */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}
