import { Worker } from 'node:worker_threads';
import type { KnowledgeMediaType } from '../knowledge-source-table.ts';
import type { Clock } from '../../../platform/process/clock.ts';
import type { Chunk } from './chunk-text.ts';

export type Extraction =
  | { readonly type: 'extracted'; readonly chunks: readonly Chunk[]; readonly pageCount: number | undefined }
  /** Another attempt would fail alike; the reason is a sentence for the file's owner. */
  | { readonly type: 'unreadable'; readonly reason: string };

export interface ExtractionLimits {
  readonly timeoutMs: number;
  readonly memoryMegabytes: number;
}

/** 300 pages take a quarter of a second: a parser that needs this long is in a loop. */
const defaultLimits: ExtractionLimits = { timeoutMs: 30_000, memoryMegabytes: 256 };

const takesTooLong = 'Reading this file takes too long. Upload it in smaller parts.';
const takesTooMuch = 'Reading this file takes more memory than one may have. Upload it in smaller parts.';

/**
 * Reads a file in a thread of its own, with limits of time and memory, and cuts it into chunks. Takes ownership of
 * `bytes`, which are transferred to the thread. Rejects only when the thread itself failed.
 */
export function extractFile(
  { bytes, mediaType }: { readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: KnowledgeMediaType },
  clock: Clock,
  limits: ExtractionLimits = defaultLimits,
): Promise<Extraction> {
  const { promise, resolve, reject } = Promise.withResolvers<Extraction>();
  const worker = new Worker(new URL('extract-worker.ts', import.meta.url), {
    workerData: { bytes, mediaType },
    transferList: [bytes.buffer],
    resourceLimits: { maxOldGenerationSizeMb: limits.memoryMegabytes },
    // Parsers print about malformed files; these lines stay out of the log.
    stdout: true,
    stderr: true,
  });
  worker.stdout.resume();
  worker.stderr.resume();
  const cancel = clock.after(limits.timeoutMs, () => end({ type: 'unreadable', reason: takesTooLong }));
  function end(extraction: Extraction): void {
    cancel();
    resolve(extraction);
    void worker.terminate();
  }
  worker.once('message', end);
  worker.once('error', (error) => {
    if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      end({ type: 'unreadable', reason: takesTooMuch });
      return;
    }
    cancel();
    reject(error);
  });
  worker.once('exit', (code) => {
    cancel();
    reject(new Error(`The thread that reads files has ended (exit code ${code}).`));
  });
  return promise;
}
