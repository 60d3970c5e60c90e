/**
 * Turns texts into vectors of length 1 whose inner product says how near their meanings are. What comes back is
 * whole: one vector per text, in their order, none of them zero.
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

/** The width of the column vectors are kept in. */
export const vectorDimensions = 512;
