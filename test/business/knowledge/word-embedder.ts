import { type Embedder, vectorDimensions } from '../../../src/business/knowledge/indexing/embedder.ts';

/** Words hashed into a vector: texts that share words lie near each other. Can be held up, or made to fail. */
export class WordEmbedder implements Embedder {
  readonly vendor = 'words';
  readonly model: string;
  readonly dimensions = vectorDimensions;
  readonly maxTexts = 8;
  readonly asked: string[] = [];
  /** While set, answers wait for it. */
  gate: Promise<void> | undefined;
  failWith: Error | undefined;

  constructor(model = 'words/512') {
    this.model = model;
  }

  async embed(
    texts: readonly string[],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<readonly Float32Array[]> {
    this.asked.push(...texts);
    await this.gate;
    signal.throwIfAborted();
    if (this.failWith !== undefined) throw this.failWith;
    return texts.map(vectorOf);
  }
}

export function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(vectorDimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    let hash = 7;
    for (const letter of word) hash = (Math.imul(hash, 31) + letter.codePointAt(0)!) >>> 0;
    vector[hash % vectorDimensions]! += 1;
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}
