/** The smallest piece of a document: a chunk ends inside a block only where the block is too long. */
export type Block =
  /** Level 1 is the title. */
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly page?: number }
  /** A paragraph, a list item, a row of a table. */
  | { readonly kind: 'text'; readonly text: string; readonly page?: number };

/** A passage as it is given to the model. It is short, because a reply waits until the model has read several. */
export interface Chunk {
  /** "Delivery > Costs > Nairobi"; empty above the first heading. */
  readonly headingPath: string;
  readonly body: string;
  /** How many characters at the beginning of the body repeat the end of the chunk before. */
  readonly overlapCharacters: number;
  readonly page: number | undefined;
}

/** About 220 tokens of English. */
const TARGET_CHARACTERS = 900;
export const MAX_CHUNK_CHARACTERS = 1_400;
/** Parts of a paragraph that had to be cut begin with the last sentence of the one before, if it is short. */
const MAX_OVERLAP_CHARACTERS = 150;
/** A longer text is a paragraph that was set like a heading. */
const MAX_HEADING_CHARACTERS = 200;

interface Heading {
  readonly level: number;
  readonly text: string;
  readonly page: number | undefined;
  /** Whether a chunk under it was emitted, whose path holds its words. */
  hasContent: boolean;
}

/** Cuts a document at its headings, then between its blocks, and inside a block only where that is too long. */
export function chunkText(blocks: readonly Block[]): readonly Chunk[] {
  const chunker = new Chunker();
  for (const block of blocks) chunker.add(block);
  return chunker.end();
}

class Chunker {
  readonly #chunks: Chunk[] = [];
  readonly #path: Heading[] = [];
  #gathered: string[] = [];
  #gatheredCharacters = 0;
  #page: number | undefined;

  add(block: Block): void {
    const text = tidy(block.text);
    if (text === '') return;
    if (block.kind === 'heading' && text.length <= MAX_HEADING_CHARACTERS) this.#open(block, text);
    else this.#gather(text, block.page);
  }

  end(): readonly Chunk[] {
    this.#closeTo(0);
    return this.#chunks;
  }

  #open({ level, page }: { readonly level: number; readonly page?: number }, text: string): void {
    this.#closeTo(level);
    this.#path.push({ level, text, page, hasContent: false });
  }

  /** Leaves the headings of this level and below; one with nothing under it becomes a chunk of its own. */
  #closeTo(level: number): void {
    this.#flush();
    while ((this.#path.at(-1)?.level ?? -1) >= level) {
      const heading = this.#path.pop()!;
      if (!heading.hasContent) {
        this.#page = heading.page;
        this.#emit(heading.text, 0);
      }
    }
  }

  #gather(text: string, page: number | undefined): void {
    if (text.length > MAX_CHUNK_CHARACTERS) {
      this.#flush();
      this.#page = page;
      for (const part of cut(text)) this.#emit(part.text, part.overlapCharacters);
      return;
    }
    if (this.#gatheredCharacters + text.length > TARGET_CHARACTERS) this.#flush();
    if (this.#gathered.length === 0) this.#page = page;
    this.#gathered.push(text);
    this.#gatheredCharacters += text.length + 1;
  }

  #flush(): void {
    if (this.#gathered.length > 0) this.#emit(this.#gathered.join('\n'), 0);
    this.#gathered = [];
    this.#gatheredCharacters = 0;
  }

  #emit(body: string, overlapCharacters: number): void {
    for (const heading of this.#path) heading.hasContent = true;
    const headingPath = this.#path.map(({ text }) => text).join(' > ');
    this.#chunks.push({ headingPath, body, overlapCharacters, page: this.#page });
  }
}

/** A long paragraph in parts, at the ends of sentences where there are any. */
function cut(text: string): readonly { readonly text: string; readonly overlapCharacters: number }[] {
  const parts: { text: string; overlapCharacters: number }[] = [];
  let current = '';
  let overlapCharacters = 0;
  let last = '';
  for (const sentence of sentencesOf(text)) {
    if (current !== '' && current.length + 1 + sentence.length > TARGET_CHARACTERS) {
      parts.push({ text: current, overlapCharacters });
      const repeats = last.length <= MAX_OVERLAP_CHARACTERS && last.length < current.length;
      current = repeats ? last : '';
      overlapCharacters = current === '' ? 0 : current.length + 1;
    }
    current = current === '' ? sentence : `${current} ${sentence}`;
    last = sentence;
  }
  return [...parts, { text: current, overlapCharacters }];
}

/** The sentences in order. One that is longer than a chunk may be is cut into pieces. */
function sentencesOf(text: string): readonly string[] {
  const sentences = text.split(/(?<=[.!?。؟۔…]["'”’)]*)\s+/u);
  return sentences.flatMap((sentence) =>
    sentence.length <= TARGET_CHARACTERS ? sentence : piecesOf(sentence),
  );
}

function piecesOf(sentence: string): readonly string[] {
  const pieces: string[] = [];
  let rest = sentence;
  while (rest.length > TARGET_CHARACTERS) {
    const space = rest.lastIndexOf(' ', TARGET_CHARACTERS);
    const end = space > TARGET_CHARACTERS / 2 ? space : wholeCharacters(rest, TARGET_CHARACTERS);
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return rest === '' ? pieces : [...pieces, rest];
}

/** The length without a surrogate pair's first half at its end. */
function wholeCharacters(text: string, length: number): number {
  const isHigh = /[\uD800-\uDBFF]/.test(text[length - 1]!);
  return isHigh ? length - 1 : length;
}

/** Collapses white space, which has no meaning in a block, and control characters, which PostgreSQL refuses. */
function tidy(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .toWellFormed()
    .trim();
}
