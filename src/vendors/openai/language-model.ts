import type OpenAI from 'openai';
import type { LanguageModel, LanguageModelPart, LanguageModelRequest } from '../../agent/agent.ts';
import { VendorError } from '../../platform/process/errors.ts';
import type { VendorOptions } from '../vendor-options.ts';
import { formatChatRequest } from './chat-request.ts';
import { ChatStream } from './chat-stream.ts';
import { createKeepAliveFetch, type Fetch } from './keep-alive-fetch.ts';
import { toVendorError } from './openai-error.ts';

/** Timeout for the response headers; the agent's own watchdogs are shorter and cover the rest of the stream. */
const RESPONSE_TIMEOUT_MS = 10_000;
const WARM_TIMEOUT_MS = 3_000;

export interface OpenAiLanguageModel extends LanguageModel {
  /** Loads the SDK and opens a connection, so that the first turn waits for neither. Never rejects. */
  warm(): Promise<void>;
}

/** Chat completions, streamed. */
export function createOpenAiLanguageModel(vendor: VendorOptions): OpenAiLanguageModel {
  const baseUrl = chatBaseUrl(vendor.baseUrl);
  const fetch = createKeepAliveFetch(vendor.clock);
  let client: Promise<OpenAI> | undefined;
  const connected = async (): Promise<OpenAI> => {
    client ??= connect(vendor.apiKey, baseUrl, fetch);
    return await client;
  };

  return {
    vendor: 'openai',
    async *stream(request, { signal }) {
      const openai = await connected();
      try {
        yield* completion(openai, request, signal);
      } catch (error) {
        // An abort is not reported as an error of the vendor.
        if (!signal.aborted) throw toVendorError(error, vendor.apiKey);
      }
    },
    async warm() {
      await connected();
      const signal = AbortSignal.timeout(WARM_TIMEOUT_MS);
      const headers = { authorization: `Bearer ${vendor.apiKey}` };
      try {
        // Read to its end, so that the connection is free for the first turn.
        const response = await fetch(`${baseUrl}/models`, { headers, signal });
        await response.arrayBuffer();
      } catch (error) {
        vendor.logger?.debug(
          { event: 'vendor-not-warm', vendor: 'openai', error },
          'vendor connection warm-up failed',
        );
      }
    },
  };
}

async function connect(apiKey: string, baseURL: string, fetch: Fetch): Promise<OpenAI> {
  const { default: OpenAI } = await import('openai');
  return new OpenAI({ apiKey, baseURL, fetch, maxRetries: 0, timeout: RESPONSE_TIMEOUT_MS, logLevel: 'off' });
}

async function* completion(
  openai: OpenAI,
  request: LanguageModelRequest,
  signal: AbortSignal,
): AsyncGenerator<LanguageModelPart> {
  if (signal.aborted) return;
  const chunks = await openai.chat.completions.create(formatChatRequest(request), { signal });
  const stream = new ChatStream();
  try {
    for await (const chunk of chunks) {
      for (const part of stream.accept(chunk)) {
        if (signal.aborted) return;
        yield part;
      }
    }
  } catch (error) {
    // After the finish reason the stream is complete, however the connection ended.
    if (!stream.isComplete) throw error;
  }
  // The SDK does not distinguish an aborted or truncated stream from a complete one.
  if (signal.aborted) return;
  if (!stream.isComplete) {
    throw new VendorError('openai', 'the stream ended before its end', {
      code: 'truncated',
      isRetryable: true,
    });
  }
  yield* stream.finish();
}

/** The SDK expects the version in the base address; it is added to one without a path. */
function chatBaseUrl(baseUrl: string): string {
  const url = new URL(baseUrl);
  return url.pathname === '/' ? `${url.origin}/v1` : baseUrl.replace(/\/+$/, '');
}
