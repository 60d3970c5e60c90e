import mammoth from 'mammoth';
import type { Block } from './chunk-text.ts';
import { checkZip } from './check-zip.ts';
import { describeRow } from './read-text.ts';
import { Unreadable } from './unreadable.ts';

export async function readDocx(bytes: Buffer): Promise<readonly Block[]> {
  const names = await checkZip(bytes);
  if (!names.includes('word/document.xml')) {
    throw new Unreadable('This is not a Word document (.docx). Save it as .docx or PDF and upload that.');
  }
  try {
    const { value } = await mammoth.convertToHtml(
      { buffer: bytes },
      // By default, pictures are embedded into the HTML as base64.
      { convertImage: mammoth.images.imgElement(async () => ({ src: '' })), externalFileAccess: false },
    );
    return blocksOfHtml(value);
  } catch {
    throw new Unreadable(
      'The file is damaged and cannot be read as .docx. Save it again and upload it once more.',
    );
  }
}

interface Table {
  columns: readonly string[] | undefined;
  cells: string[];
}

/** Reads the HTML of the converter, which is regular: all tags are closed, and all entities are escaped. */
export function blocksOfHtml(html: string): readonly Block[] {
  const blocks: Block[] = [];
  const tables: Table[] = [];
  let text = '';
  const take = (): string => {
    const taken = decodeEntities(text).trim();
    text = '';
    return taken;
  };
  const paragraph = (): void => {
    const taken = take();
    if (taken !== '') blocks.push({ kind: 'text', text: taken });
  };
  for (const [, close, name = '', plain] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>|([^<]+)/g)) {
    const table = tables.at(-1);
    if (plain !== undefined) text += plain;
    else if (name === 'br') text += ' ';
    else if (name === 'table') {
      if (close === '') paragraph();
      if (close === '') tables.push({ columns: undefined, cells: [] });
      else tables.pop();
    } else if (table !== undefined) {
      if (close === '' || !['td', 'th', 'tr', 'p'].includes(name)) continue;
      if (name === 'p') text += ' ';
      else if (name === 'tr') endRow(table, blocks);
      else table.cells.push(take().replaceAll(/\s+/g, ' '));
    } else if (/^h[1-6]$/.test(name)) {
      if (close === '') paragraph();
      else blocks.push({ kind: 'heading', level: Number(name[1]), text: take() });
    } else if (['p', 'li', 'ul', 'ol'].includes(name)) paragraph();
  }
  paragraph();
  return blocks;
}

/** The first row names the columns. It becomes text as well, because not every table has a heading row. */
function endRow(table: Table, blocks: Block[]): void {
  const { cells, columns } = table;
  table.cells = [];
  if (columns === undefined) table.columns = cells;
  const row = columns === undefined ? cells.filter(Boolean).join('; ') : describeRow(columns, cells);
  if (row !== '') blocks.push({ kind: 'text', text: row });
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

function decodeEntities(text: string): string {
  return text.replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => entities[name]!);
}
