import { invalidRequest, modelNotFound, type ApiError } from './api-error.ts';
import { EMBEDDING_DIMENSIONS } from './models.ts';
import { countTokens } from './tokens.ts';

const MAX_INPUTS = 2_048;
const MAX_INPUT_TOKENS = 8_192;
const MAX_REQUEST_TOKENS = 300_000;

type Body = Readonly<Record<string, unknown>>;

/** The answer to `POST /v1/embeddings`, or the vendor's error. */
export function embed(body: Body | undefined): object | ApiError {
  if (!body) return invalidRequest('We could not parse the JSON body of your request.');
  const { model, encoding_format: format = 'float' } = body;
  if (typeof model !== 'string') return invalidRequest('you must provide a model parameter');
  const full = Object.hasOwn(EMBEDDING_DIMENSIONS, model) ? EMBEDDING_DIMENSIONS[model]! : undefined;
  if (full === undefined) return modelNotFound(model);
  const inputs: unknown[] = Array.isArray(body['input']) ? (body['input'] as unknown[]) : [body['input']];
  if (inputs.length === 0 || inputs.length > MAX_INPUTS || !inputs.every(isText))
    return invalidRequest("'$.input' is invalid.", 'input');
  const tokens = inputs.map((text) => countTokens(text.length));
  const totalTokens = tokens.reduce((sum, count) => sum + count, 0);
  if (tokens.some((count) => count > MAX_INPUT_TOKENS) || totalTokens > MAX_REQUEST_TOKENS)
    return invalidRequest("This model's maximum context length is 8192 tokens.", 'input');
  const dimensions = body['dimensions'] ?? full;
  if (!Number.isInteger(dimensions) || (dimensions as number) < 1 || (dimensions as number) > full)
    return invalidRequest("Invalid value for 'dimensions'.", 'dimensions');
  if (format !== 'float' && format !== 'base64')
    return invalidRequest(`Invalid value: '${String(format)}'.`, 'encoding_format', 'invalid_value');
  return {
    object: 'list',
    model,
    data: inputs.map((text, index) => {
      const vector = vectorOf(text, dimensions as number);
      const bytes = Buffer.from(vector.buffer);
      return {
        object: 'embedding',
        index,
        embedding: format === 'base64' ? bytes.toString('base64') : [...vector],
      };
    }),
    usage: { prompt_tokens: totalTokens, total_tokens: totalTokens },
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/**
 * Hashes words into a unit vector: equal texts have equal vectors, and texts that share words are closer, which is
 * enough to test a search.
 */
function vectorOf(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    for (let salt = 0; salt < 4; salt += 1) {
      const hash = hashOf(word, salt);
      vector[hash % dimensions]! += hash & 0x10000 ? 1 : -1;
    }
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** FNV-1a. */
function hashOf(word: string, salt: number): number {
  let hash = 0x811c9dc5 ^ salt;
  for (let index = 0; index < word.length; index += 1) {
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
