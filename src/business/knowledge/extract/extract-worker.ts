// Files are read in this thread: a parser that loops, or needs more memory than is allowed, is ended with it.
import { parentPort, workerData } from 'node:worker_threads';
import type { KnowledgeMediaType } from '../knowledge-source-table.ts';
import { chunkText } from './chunk-text.ts';
import type { Extraction } from './extract-file.ts';
import { readFile } from './read-file.ts';
import { Unreadable } from './unreadable.ts';

const { bytes, mediaType } = workerData as { bytes: Uint8Array; mediaType: KnowledgeMediaType };

parentPort!.postMessage(await extract(), []);

async function extract(): Promise<Extraction> {
  try {
    const { blocks, pageCount } = await readFile(Buffer.from(bytes.buffer), mediaType);
    return { type: 'extracted', chunks: chunkText(blocks), pageCount };
  } catch (error) {
    if (error instanceof Unreadable) return { type: 'unreadable', reason: error.message };
    throw error;
  }
}
