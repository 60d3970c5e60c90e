import type { KnowledgeMediaType } from '../knowledge-source-table.ts';

export type Recognised =
  | { readonly type: 'recognised'; readonly mediaType: KnowledgeMediaType }
  | { readonly type: 'refused'; readonly reason: string };

export const docxMediaType = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';

/** How much of the beginning of a file is needed to recognise it. */
export const HEAD_BYTES = 1_024;

/**
 * Recognises a file by its first bytes; its name only tells Markdown from other text. A zip archive is taken for a Word
 * document here, and is checked when it is read. Whether all of a text is UTF-8 is checked while it is uploaded.
 */
export function recogniseContent(head: Uint8Array, name: string): Recognised {
  if (head.length === 0) return refused('The file is empty.');
  const start = Buffer.from(head.subarray(0, HEAD_BYTES)).toString('latin1');
  // Some writers put a few bytes before the marker, and PDF readers accept it anywhere in the first kilobyte.
  if (start.includes('%PDF-')) return recognised('application/pdf');
  if (start.startsWith('PK\u0003\u0004')) return recognised(docxMediaType);
  if (start.startsWith('\u00D0\u00CF\u0011\u00E0')) {
    return refused('This is an old Office file; save it as .docx or PDF and upload that.');
  }
  if (start.startsWith('{\\rtf')) return refused('This is RTF; save it as .docx or PDF and upload that.');
  if (/^(?:\s*<(?:!doctype html|html))/i.test(start)) {
    return refused('This is a web page; save its text as .txt or .md and upload that.');
  }
  if (start.includes('\u0000')) return refused('This is neither PDF, Word (.docx) nor text.');
  return recognised(/\.(md|markdown)$/i.test(name) ? 'text/markdown' : 'text/plain');
}

function recognised(mediaType: KnowledgeMediaType): Recognised {
  return { type: 'recognised', mediaType };
}

function refused(reason: string): Recognised {
  return { type: 'refused', reason };
}
