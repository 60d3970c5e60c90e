import { z } from 'zod';
import type { Embedder } from '../../business/knowledge/knowledge.ts';
import { VendorError } from '../../platform/process/errors.ts';
import type { VendorOptions } from '../vendor-options.ts';
import { createKeepAliveFetch } from './keep-alive-fetch.ts';
import { toVendorError } from './openai-error.ts';

const MODEL = 'text-embedding-3-small';
/** A third of the model's full width: search is three times as fast, and by the vendor's own figures hardly worse. */
const DIMENSIONS = 512;
/** Far below the vendor's 2048 inputs and 300,000 tokens, so that one answer stays small. */
const MAX_TEXTS = 96;
const MAX_ERROR_CHARACTERS = 500;

const answerSchema = z.object({
  data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.string() })),
});
const errorSchema = z.object({ error: z.object({ message: z.string(), code: z.string().nullish() }) });

/**
 * One `fetch` over connections that stay open: the vendor's SDK would add retries and ten minutes of patience, of
 * which a question on a live call has neither.
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
        // Abort is a decision, not an error of the vendor's.
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

/** Little-endian float32, as every machine we run on has it. */
function decode({ embedding }: { readonly embedding: string }): Float32Array {
  const bytes = Buffer.from(embedding, 'base64');
  if (bytes.length !== DIMENSIONS * 4) throw malformed(`a vector has ${bytes.length} bytes`);
  const vector = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const length = Math.hypot(...vector);
  // A zero vector is as near to everything as to nothing: whatever is compared with it comes out as not a number.
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
