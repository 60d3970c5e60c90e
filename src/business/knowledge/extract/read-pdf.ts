import { getDocumentProxy } from 'unpdf';
import type { Block } from './chunk-text.ts';
import { Unreadable } from './unreadable.ts';

const MAX_PAGES = 500;
/** A line whose letters exceed the usual height by this factor is a heading. */
const HEADING_RATIO = 1.15;
const MAX_HEADING_CHARACTERS = 120;
/** A gap of this many lines begins a paragraph. */
const PARAGRAPH_GAP = 1.6;
/** A line at the edge of this share of the pages is a header or a footer. */
const REPEATED_SHARE = 0.6;
const MIN_PAGES_FOR_REPEATS = 4;

interface Line {
  readonly text: string;
  readonly height: number;
  readonly y: number;
}

export interface PdfContent {
  readonly blocks: readonly Block[];
  readonly pageCount: number;
}

/** Takes ownership of `bytes`: PDF.js transfers their memory. */
export async function readPdf(bytes: Uint8Array): Promise<PdfContent> {
  const pdf = await open(bytes);
  try {
    if (pdf.numPages > MAX_PAGES) {
      throw new Unreadable(
        `The file has ${pdf.numPages} pages; ${MAX_PAGES} are the most. Upload it in parts.`,
      );
    }
    const pages: Line[][] = [];
    for (let number = 1; number <= pdf.numPages; number += 1) {
      const page = await pdf.getPage(number);
      const { items } = await page.getTextContent();
      pages.push(linesOf(items as readonly TextItem[]));
      page.cleanup();
    }
    const blocks = blocksOf(withoutRepeated(pages));
    return { blocks, pageCount: pdf.numPages };
  } finally {
    await pdf.loadingTask.destroy();
  }
}

async function open(bytes: Uint8Array): ReturnType<typeof getDocumentProxy> {
  try {
    return await getDocumentProxy(bytes);
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    throw new Unreadable(
      name === 'PasswordException'
        ? 'The file is protected by a password; upload it without one.'
        : 'The file is damaged and cannot be read as PDF. Save it again and upload it once more.',
    );
  }
}

/** The part of PDF.js's text items that is used; marks of structure have no `str`. */
interface TextItem {
  readonly str?: string;
  readonly height?: number;
  readonly hasEOL?: boolean;
  readonly transform?: readonly number[];
}

function linesOf(items: readonly TextItem[]): Line[] {
  const lines: Line[] = [];
  let text = '';
  let height = 0;
  let y = 0;
  const end = (): void => {
    // Presentation forms (Arabic, ligatures) become letters again, which searches contain.
    const tidied = text.normalize('NFKC').replaceAll(/\s+/g, ' ').trim();
    if (tidied !== '') lines.push({ text: tidied, height, y });
    text = '';
    height = 0;
  };
  for (const { str, height: itemHeight = 0, hasEOL, transform } of items) {
    if (str === undefined) continue;
    const itemY = transform?.[5] ?? y;
    // Not every writer marks the ends of lines; a change of height on the page is one.
    if (text !== '' && str.trim() !== '' && Math.abs(itemY - y) > Math.max(height, itemHeight) * 0.5) end();
    if (str.trim() !== '') {
      height = Math.max(height, itemHeight);
      y = itemY;
    }
    text += str;
    if (hasEOL === true) end();
  }
  end();
  return lines;
}

/** Removes headers, footers and page numbers, which would interrupt sentences that go on on the next page. */
function withoutRepeated(pages: readonly Line[][]): readonly (readonly Line[])[] {
  if (pages.length < MIN_PAGES_FOR_REPEATS) return pages;
  const counts = new Map<string, number>();
  for (const lines of pages) {
    for (const key of new Set(edges(lines).map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const isRepeated = (line: Line): boolean => (counts.get(keyOf(line)) ?? 0) > pages.length * REPEATED_SHARE;
  return pages.map((lines) => {
    const atEdge = new Set(edges(lines));
    return lines.filter((line) => !(atEdge.has(line) && isRepeated(line)));
  });
}

function edges(lines: readonly Line[]): readonly Line[] {
  return [...lines.slice(0, 2), ...lines.slice(-2)];
}

/** "Page 3" and "Page 4" count as the same line. */
function keyOf({ text }: Line): string {
  return text.replaceAll(/\d+/g, '#').toLowerCase();
}

function blocksOf(pages: readonly (readonly Line[])[]): readonly Block[] {
  const usual = usualHeight(pages.flat());
  const blocks: Block[] = [];
  for (const [index, lines] of pages.entries()) {
    const page = index + 1;
    let paragraph: Line[] = [];
    const flush = (): void => {
      if (paragraph.length > 0) blocks.push({ kind: 'text', text: joined(paragraph), page });
      paragraph = [];
    };
    for (const line of lines) {
      const isHeading = line.height > usual * HEADING_RATIO && line.text.length <= MAX_HEADING_CHARACTERS;
      const last = paragraph.at(-1);
      const gap = last === undefined ? 0 : Math.abs(last.y - line.y);
      if (isHeading || gap > usual * PARAGRAPH_GAP) flush();
      if (isHeading)
        blocks.push({ kind: 'heading', level: levelOf(line.height / usual), text: line.text, page });
      else paragraph.push(line);
    }
    flush();
  }
  return blocks;
}

/** The height of most characters. */
function usualHeight(lines: readonly Line[]): number {
  const characters = new Map<number, number>();
  for (const { height, text } of lines) {
    const rounded = Math.round(height * 2) / 2;
    characters.set(rounded, (characters.get(rounded) ?? 0) + text.length);
  }
  const [usual] = [...characters].reduce((most, entry) => (entry[1] > most[1] ? entry : most), [0, 0]);
  return usual > 0 ? usual : Infinity;
}

function levelOf(ratio: number): number {
  if (ratio > 1.7) return 1;
  return ratio > 1.35 ? 2 : 3;
}

/** Joins the lines of a paragraph, and words that were hyphenated at the end of a line. */
function joined(lines: readonly Line[]): string {
  return lines
    .map(({ text }) => text)
    .join('\n')
    .replaceAll(/(\p{Ll})-\n(\p{Ll})/gu, '$1$2')
    .replaceAll('\n', ' ');
}
