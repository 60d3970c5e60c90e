import { createHash } from 'node:crypto';
import type { KnowledgeMediaType } from '../knowledge-source-table.ts';
import type { Storage, StorageWriter } from '../../../platform/data/storage.ts';
import { HEAD_BYTES, recogniseContent } from '../extract/extract.ts';

export const MAX_FILE_BYTES = 20 * 1024 * 1024;

export interface Upload {
  readonly name: string;
  readonly language: string;
  /** It can be read once, as it arrives. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** A file that was written to storage, or why it was not. */
export type StoredUpload =
  | {
      readonly outcome: 'stored';
      readonly mediaType: KnowledgeMediaType;
      readonly sizeBytes: number;
      readonly contentSha256: string;
    }
  | { readonly outcome: 'refused'; readonly reason: string };

/** Writes the file to storage piece by piece, so that no upload is ever whole in memory. */
export async function storeUpload(storage: Storage, key: string, upload: Upload): Promise<StoredUpload> {
  const writer = await storage.create(key);
  const inspection = new Inspection(upload.name);
  try {
    await copy(upload.content, writer, inspection);
  } catch (error) {
    await discard(storage, key, writer);
    throw error;
  }
  const stored = inspection.end();
  if (stored.outcome === 'refused') await discard(storage, key, writer);
  else await writer.close();
  return stored;
}

/** Reads a refused file to its end as well, because the next one comes after it in the same request. */
async function copy(
  content: AsyncIterable<Uint8Array>,
  writer: StorageWriter,
  inspection: Inspection,
): Promise<void> {
  for await (const bytes of content) {
    inspection.see(bytes);
    if (!inspection.isRefused) await writer.append(bytes);
  }
}

async function discard(storage: Storage, key: string, writer: StorageWriter): Promise<void> {
  await writer.close();
  await storage.remove(key);
}

/** Checks a file while it is copied: its size, its type, and whether all of a text is UTF-8. */
class Inspection {
  readonly #name: string;
  readonly #hash = createHash('sha256');
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  #head = Buffer.alloc(0);
  #sizeBytes = 0;
  #reason: string | undefined;
  #isTextBroken = false;

  constructor(name: string) {
    this.#name = name;
  }

  get isRefused(): boolean {
    return this.#reason !== undefined;
  }

  see(bytes: Uint8Array): void {
    this.#sizeBytes += bytes.length;
    if (this.#sizeBytes > MAX_FILE_BYTES) {
      this.#reason ??= `The file is larger than ${MAX_FILE_BYTES / 1024 / 1024} MB. Upload it in parts.`;
    }
    if (this.isRefused) return;
    this.#hash.update(bytes);
    this.#checkText(bytes, { stream: true });
    if (this.#head.length >= HEAD_BYTES) return;
    this.#head = Buffer.concat([this.#head, bytes.subarray(0, HEAD_BYTES - this.#head.length)]);
    if (this.#head.length >= HEAD_BYTES) this.#recognise();
  }

  end(): StoredUpload {
    this.#checkText(new Uint8Array(), { stream: false });
    const recognised = this.isRefused ? undefined : this.#recognise();
    if (recognised?.startsWith('text/') === true && this.#isTextBroken) {
      this.#reason = 'The text is not UTF-8. Save it as UTF-8 and upload it again.';
    }
    if (this.#reason !== undefined) return { outcome: 'refused', reason: this.#reason };
    const contentSha256 = this.#hash.digest('hex');
    return { outcome: 'stored', mediaType: recognised!, sizeBytes: this.#sizeBytes, contentSha256 };
  }

  #recognise(): KnowledgeMediaType | undefined {
    const recognised = recogniseContent(this.#head, this.#name);
    if (recognised.type === 'recognised') return recognised.mediaType;
    this.#reason = recognised.reason;
    return undefined;
  }

  #checkText(bytes: Uint8Array, options: { readonly stream: boolean }): void {
    if (this.#isTextBroken) return;
    try {
      // A zero byte is in no text, and PostgreSQL cannot store it.
      this.#isTextBroken = this.#decoder.decode(bytes, options).includes('\u0000');
    } catch {
      this.#isTextBroken = true;
    }
  }
}
