import type { IncomingMessage, ServerResponse } from 'node:http';
import { isRefusal, isSpeakCut, type Cut } from '../faults.ts';
import { SpeechDelivery } from '../speech-delivery.ts';
import { parseObject, readBody, sendJson } from '../vendor-server.ts';
import { checkAuraRequestQuery } from './aura-configuration.ts';
import type { SpeakContext } from './aura-connection.ts';
import { isAuthorised, refusal, type Refused } from './authorisation.ts';

const MAX_CHARACTERS = 2_000;
const MAX_BODY_BYTES = 64 * 1024;
const CHUNK_BYTES = 1_500;

/** `POST /v1/speak`: one text, its audio streamed as it is made. */
export async function answerSpeakRequest(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  apiKeys: readonly string[] | undefined,
  context: SpeakContext,
): Promise<void> {
  const { requestId, stats } = context;
  const refuse = ({ status, body, headers }: Refused) => {
    stats.refused += 1;
    sendJson(response, status, body, headers);
  };
  if (request.method !== 'POST' || url.pathname !== '/v1/speak')
    return refuse(refusal(404, 'no such path', requestId));
  if (!isAuthorised(request, apiKeys)) return refuse(refusal(401, 'Invalid credentials.', requestId));
  const wrong = checkAuraRequestQuery(url.searchParams);
  if (wrong) return refuse(refusal(400, wrong, requestId));
  const body = await readBody(request, MAX_BODY_BYTES);
  const text = body === undefined ? undefined : parseObject(body)?.['text'];
  if (body === undefined || (typeof text === 'string' && text.length > MAX_CHARACTERS))
    return refuse(refusal(413, `the text is longer than ${MAX_CHARACTERS} characters`, requestId));
  if (typeof text !== 'string' || text.trim() === '')
    return refuse(refusal(400, "the body must be an object with a non-empty 'text'", requestId));
  const fault = context.faults.strike(isRefusal);
  if (fault) return refuse(refusal(fault.status, 'refused by the scenario', requestId, fault));
  await stream(response, text, url.searchParams, context);
}

function stream(
  response: ServerResponse,
  text: string,
  query: URLSearchParams,
  context: SpeakContext,
): Promise<void> {
  const { stats, probe, connection, requestId } = context;
  const isBare = query.get('container') === 'none';
  stats.utterances += 1;
  stats.characters += text.length;
  probe?.({ type: 'speech-text-received', connection, text, atMs: performance.now() });
  response.writeHead(200, {
    'content-type': isBare ? 'audio/mulaw;rate=8000' : 'audio/wav',
    'dg-request-id': requestId,
    'dg-model-name': query.get('model') ?? 'aura-asteria-en',
    'dg-char-count': String(text.length),
  });
  // The vendor's default is a container, whose header is audible as a click when a client does not switch it off.
  if (!isBare) response.write(wavHeader());
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
    delivery.speak(context.source(text, Number(query.get('speed') ?? 1)));
    delivery.mark(() => response.end());
  });
}

/** What a broken chunked answer looks like: reset, ended early as if complete, or open indefinitely. */
function cut(response: ServerResponse, fault: Cut<'byte'>): void {
  if (fault.type === 'reset' || fault.type === 'error') response.socket?.resetAndDestroy();
  else if (fault.type === 'close') response.end();
}

/** A header for mu-law of unknown length. */
function wavHeader(): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0);
  header.writeUInt32LE(0xffffffff, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(7, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(8000, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('data', 36);
  header.writeUInt32LE(0xffffffff, 40);
  return header;
}
