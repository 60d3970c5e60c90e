import { z } from 'zod';
import type { Embedder } from '../../business/knowledge/knowledge.ts';
import { VendorError } from '../../platform/process/errors.ts';
import type { VendorOptions } from '../vendor-options.ts';
import { createKeepAliveFetch } from './keep-alive-fetch.ts';
import { toVendorError } from './openai-error.ts';

const MODEL = 'text-embedding-3-small';
/** A third of the model's dimensions: search is three times as fast, and by the vendor's figures hardly worse. */
const DIMENSIONS = 512;
/** Far below the vendor's limits (2048 inputs, 300,000 tokens), to keep responses small. */
const MAX_TEXTS = 96;
const MAX_ERROR_CHARACTERS = 500;

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.string() })),
});
const errorSchema = z.object({ error: z.object({ message: z.string(), code: z.string().nullish() }) });

/**
 * Uses `fetch` over persistent connections, because the vendor's SDK would add retries and a timeout of ten minutes,
 * which a question on a live call cannot wait for.
 */
export function createOpenAiEmbedder(vendor: VendorOptions): Embedder {
  const fetch = createKeepAliveFetch(vendor.clock);
  const url = embeddingsUrl(vendor.baseUrl);
  return {
    vendor: 'openai',
    model: `${MODEL}/${DIMENSIONS}`,
    dimensions: DIMENSIONS,
    maxTexts: MAX_TEXTS,
    async embed(texts, { signal }) {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { authorization: `Bearer ${vendor.apiKey}`, 'content-type': 'application/json' },
          body: JSON.stringify({
            model: MODEL,
            dimensions: DIMENSIONS,
            input: texts,
            encoding_format: 'base64',
          }),
          signal,
        });
        const body = await response.text();
        if (!response.ok) throw refusal(response, body);
        return vectorsOf(body, texts.length);
      } catch (error) {
        // An abort is not reported as an error of the vendor.
        signal.throwIfAborted();
        throw toVendorError(error, vendor.apiKey);
      }
    },
  };
}

function embeddingsUrl(baseUrl: string): string {
  const { pathname, origin } = new URL(baseUrl);
  return pathname === '/' ? `${origin}/v1/embeddings` : `${baseUrl.replace(/\/+$/, '')}/embeddings`;
}

function refusal(response: Response, body: string): Error {
  const { status, headers } = response;
  const said = errorSchema.safeParse(parseJson(body)).data?.error;
  const message = (said?.message ?? `status ${status}`).slice(0, MAX_ERROR_CHARACTERS);
  return Object.assign(new Error(message), { status, headers, code: said?.code ?? undefined });
}

function vectorsOf(body: string, count: number): readonly Float32Array[] {
  const parsed = answerSchema.safeParse(parseJson(body));
  if (!parsed.success) throw malformed('the answer is not a list of embeddings');
  const vectors = parsed.data.data.toSorted((a, b) => a.index - b.index).map(decode);
  if (vectors.length !== count)
    throw malformed(`${count} texts went in and ${vectors.length} vectors came out`);
  return vectors;
}

/** Decodes little-endian float32, the byte order of all supported machines. */
function decode({ embedding }: { readonly embedding: string }): Float32Array {
  const bytes = Buffer.from(embedding, 'base64');
  if (bytes.length !== DIMENSIONS * 4) throw malformed(`a vector has ${bytes.length} bytes`);
  const vector = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const length = Math.hypot(...vector);
  // The cosine similarity to a zero vector is NaN.
  if (!(length > 0) || !Number.isFinite(length)) throw malformed('a vector has no direction');
  return vector.map((value) => value / length);
}

function malformed(message: string): VendorError {
  return new VendorError('openai', message, { code: 'malformed', isRetryable: true });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
