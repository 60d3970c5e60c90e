import type { Block } from './chunk-text.ts';

/** Splits at empty lines, or at each line where there are none. */
export function readPlainText(text: string): readonly Block[] {
  const hasParagraphs = /\n[ \t]*\n/.test(text.trim());
  const parts = text.split(hasParagraphs ? /\n[ \t]*\n/ : /\n/);
  return parts.map((part) => ({ kind: 'text', text: part }));
}

const atxHeading = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/;
const underline = /^ {0,3}(=+|-+)[ \t]*$/;
const listItem = /^[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+/;
const fence = /^ {0,3}(`{3,}|~{3,})/;
const tableRow = /^[ \t]*\|.*\|[ \t]*$/;
const tableRule = /^[ \t]*\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)*\|?[ \t]*$/;

/** List items and rows of tables are blocks of their own; a row repeats the names of its columns. */
export function readMarkdown(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  let columns: readonly string[] | undefined;
  let closingFence: string | undefined;
  const flush = (): void => {
    if (paragraph.length > 0) blocks.push({ kind: 'text', text: withoutMarks(paragraph.join(' ')) });
    paragraph = [];
  };
  for (const line of text.split('\n')) {
    const mark = fence.exec(line)?.[1];
    if (closingFence !== undefined) {
      if (mark?.startsWith(closingFence) === true) closingFence = undefined;
      else blocks.push({ kind: 'text', text: line });
      continue;
    }
    const heading = atxHeading.exec(line);
    const isRow = tableRow.test(line);
    if (!isRow) columns = undefined;
    if (mark !== undefined) {
      flush();
      closingFence = mark;
    } else if (heading !== null) {
      flush();
      blocks.push({ kind: 'heading', level: heading[1]!.length, text: withoutMarks(heading[2]!) });
    } else if (underline.test(line) && paragraph.length === 1) {
      const level = line.includes('=') ? 1 : 2;
      blocks.push({ kind: 'heading', level, text: withoutMarks(paragraph[0]!) });
      paragraph = [];
    } else if (isRow && tableRule.test(line)) {
      columns ??= [];
    } else if (isRow) {
      flush();
      const cells = cellsOf(line);
      if (columns === undefined) columns = cells;
      else blocks.push({ kind: 'text', text: describeRow(columns, cells) });
    } else if (line.trim() === '' || /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/.test(line)) flush();
    else {
      if (listItem.test(line)) flush();
      paragraph.push(line.replace(listItem, '').trim());
    }
  }
  flush();
  return blocks;
}

/** "size: large; price: 12 €": a row that is understood without the heading line of its table. */
export function describeRow(columns: readonly string[], cells: readonly string[]): string {
  return cells
    .map((cell, index) => {
      const column = columns[index] ?? '';
      return column === '' || cell === '' ? cell : `${column}: ${cell}`;
    })
    .filter((cell) => cell !== '')
    .join('; ');
}

function cellsOf(line: string): readonly string[] {
  const cells = line
    .trim()
    .replace(/^\|/, '')
    .replace(/\|$/, '')
    .split(/(?<!\\)\|/);
  return cells.map((cell) => withoutMarks(cell.replaceAll('\\|', '|').trim()));
}

/** Removes emphasis, and the addresses of links: the text is read aloud. */
function withoutMarks(text: string): string {
  return text
    .replaceAll(/!?\[([^\]]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '$1')
    .replaceAll(/(\*\*|__|`)(.+?)\1/g, '$2')
    .replaceAll(/^>\s?/g, '');
}
