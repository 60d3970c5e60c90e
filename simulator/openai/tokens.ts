/** Words with the space before them: about as long as the vendor's tokens, and as unwilling to end at a sentence. */
export function tokensOf(text: string): string[] {
  return text.match(/\s*\S+/g) ?? [];
}

const ARGUMENT_SLICE_CHARACTERS = 7;

/** Tool arguments arrive cut anywhere. */
export function slicesOf(json: string): string[] {
  const slices: string[] = [];
  for (let at = 0; at < json.length; at += ARGUMENT_SLICE_CHARACTERS) {
    slices.push(json.slice(at, at + ARGUMENT_SLICE_CHARACTERS));
  }
  return slices;
}

/** The usual rule of thumb. */
export function countTokens(characters: number): number {
  return Math.ceil(characters / 4);
}
