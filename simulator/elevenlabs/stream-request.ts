import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isSpeakCut, type Cut, type FaultsOf, type SpeakFault, type SpeakLatency } from '../faults.ts';
import type { Probe } from '../probe.ts';
import { SpeechDelivery, type SpeechSource } from '../speech-delivery.ts';
import { parseObject, readBody, sendJson } from '../vendor-server.ts';
import { errorBody, validationError, type HttpError } from './http-error.ts';
import { checkVoiceSettings, speedOf } from './settings.ts';
import { CHARACTER_LIMITS, checkRequestQuery } from './speech-query.ts';
import type { ElevenlabsStats } from './speech-socket.ts';
import { isVoice } from './voices.ts';

export interface StreamContext {
  readonly voiceId: string;
  readonly source: SpeechSource;
  readonly latency: SpeakLatency;
  readonly faults: FaultsOf<SpeakFault>;
  readonly stats: ElevenlabsStats;
  readonly probe: Probe | undefined;
}

const MAX_BODY_BYTES = 256 * 1024;
const CHUNK_BYTES = 2_500;
const FIELDS: readonly string[] = [
  'text',
  'model_id',
  'language_code',
  'voice_settings',
  'previous_text',
  'next_text',
  'previous_request_ids',
  'next_request_ids',
  'seed',
  'apply_text_normalization',
  'pronunciation_dictionary_locators',
  'apply_language_text_normalization',
  'use_pvc_as_ivc',
];

/** `POST /v1/text-to-speech/{voice}/stream`: one text, its bare audio streamed as it is made. */
export async function answerStreamRequest(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  context: StreamContext,
): Promise<void> {
  const text = await readBody(request, MAX_BODY_BYTES);
  const body = text === undefined ? undefined : parseObject(text);
  const wrong = check(body, url.searchParams, context.voiceId);
  if (wrong || !body) {
    context.stats.refused += 1;
    const refused = wrong ?? validationError(['body'], 'value is not a valid object');
    sendJson(response, refused.status, refused.body, refused.headers);
    return;
  }
  await stream(response, body['text'] as string, speedOf(body['voice_settings']), context);
}

function check(
  body: Readonly<Record<string, unknown>> | undefined,
  query: URLSearchParams,
  voiceId: string,
): HttpError | undefined {
  const wrongQuery = checkRequestQuery(query);
  if (wrongQuery) return validationError(['query'], wrongQuery);
  if (!body) return undefined;
  const unknown = Object.keys(body).find((field) => !FIELDS.includes(field));
  if (unknown) return validationError(['body', unknown], 'extra fields not permitted');
  const { text, model_id: model = 'eleven_multilingual_v2', voice_settings: settings } = body;
  if (typeof text !== 'string' || text.trim() === '')
    return validationError(['body', 'text'], 'field required');
  const wrongSettings = checkVoiceSettings(settings);
  if (wrongSettings) return validationError(['body', 'voice_settings'], wrongSettings);
  if (!isVoice(voiceId))
    return errorBody(404, 'voice_not_found', `A voice with voice_id ${voiceId} was not found.`);
  const limit =
    typeof model === 'string' && Object.hasOwn(CHARACTER_LIMITS, model) ? CHARACTER_LIMITS[model]! : 0;
  if (limit === 0)
    return errorBody(400, 'model_not_found', `A model with model ID ${String(model)} does not exist`);
  return text.length > limit
    ? errorBody(400, 'max_character_limit_exceeded', `the text is longer than ${limit} characters`)
    : undefined;
}

function stream(
  response: ServerResponse,
  text: string,
  speed: number,
  context: StreamContext,
): Promise<void> {
  const { stats, probe } = context;
  stats.utterances += 1;
  stats.characters += text.length;
  const connection = stats.connections;
  probe?.({ type: 'speech-text-received', connection, text, atMs: performance.now() });
  response.writeHead(200, {
    'content-type': 'audio/basic',
    'request-id': randomUUID().replaceAll('-', ''),
    'current-concurrent-requests': '1',
    'maximum-concurrent-requests': '30',
  });
  response.flushHeaders();
  return new Promise((resolve) => {
    const delivery = new SpeechDelivery(context.latency, CHUNK_BYTES, {
      audio(mulaw, _speech, startByte) {
        stats.audioBytes += mulaw.length;
        response.write(mulaw);
        if (startByte === 0) probe?.({ type: 'first-audio-sent', connection, text, atMs: performance.now() });
      },
      cut: (fault) => cut(response, fault),
    });
    response.on('close', () => {
      delivery.stop();
      resolve();
    });
    delivery.begin(context.faults.strike(isSpeakCut));
    delivery.speak(context.source(text, speed));
    delivery.mark(() => response.end());
  });
}

/** What a broken chunked answer looks like: reset, ended early as if complete, or open indefinitely. */
function cut(response: ServerResponse, fault: Cut<'byte'>): void {
  if (fault.type === 'reset' || fault.type === 'error') response.socket?.resetAndDestroy();
  else if (fault.type === 'close') response.end();
}
