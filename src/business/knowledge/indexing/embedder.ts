/**
 * Turns texts into vectors of length 1, whose inner product is the similarity of their meanings. It returns one vector
 * per text, in their order, and none of them is zero.
 */
export interface Embedder {
  readonly vendor: string;
  /** Stored with each vector; vectors of two models are never compared. */
  readonly model: string;
  readonly dimensions: number;
  /** At most `maxTexts` at once. Rejects with a `VendorError`, or with the signal's reason. */
  embed(
    texts: readonly string[],
    options: { readonly signal: AbortSignal },
  ): Promise<readonly Float32Array[]>;
  readonly maxTexts: number;
}

/** The width of the column that stores vectors. */
export const vectorDimensions = 512;
