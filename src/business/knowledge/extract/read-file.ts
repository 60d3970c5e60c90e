import type { KnowledgeMediaType } from '../knowledge-source-table.ts';
import type { Block } from './chunk-text.ts';
import { docxMediaType } from './content-type.ts';
import { readDocx } from './read-docx.ts';
import { readPdf } from './read-pdf.ts';
import { readMarkdown, readPlainText } from './read-text.ts';
import { Unreadable } from './unreadable.ts';

export interface FileContent {
  readonly blocks: readonly Block[];
  /** Undefined for formats without pages. */
  readonly pageCount: number | undefined;
}

/** Reads all text of a file, in its order. Throws `Unreadable` with a sentence for the file's owner. */
export async function readFile(bytes: Buffer, mediaType: KnowledgeMediaType): Promise<FileContent> {
  const content = await read(bytes, mediaType);
  if (!content.blocks.some(({ text }) => /[\p{L}\p{N}]/u.test(text))) {
    throw new Unreadable(
      'There is no text in this file; a scan is a picture. Upload a version with text in it.',
    );
  }
  return content;
}

async function read(bytes: Buffer, mediaType: KnowledgeMediaType): Promise<FileContent> {
  switch (mediaType) {
    case 'application/pdf':
      return readPdf(new Uint8Array(bytes));
    case docxMediaType:
      return { blocks: await readDocx(bytes), pageCount: undefined };
    case 'text/markdown':
      return { blocks: readMarkdown(textOf(bytes)), pageCount: undefined };
    case 'text/plain':
      return { blocks: readPlainText(textOf(bytes)), pageCount: undefined };
    default:
      return mediaType satisfies never;
  }
}

function textOf(bytes: Buffer): string {
  return new TextDecoder().decode(bytes).replaceAll(/\r\n?/g, '\n');
}
