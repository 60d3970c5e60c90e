import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../vendor-server.ts';
import { isAuthorised, refusal } from './authorisation.ts';

const voices = [
  { id: 'aura-2-thalia-en', name: 'thalia', accent: 'American', tags: ['clear', 'confident'] },
  { id: 'aura-2-viktoria-de', name: 'viktoria', accent: 'German', tags: ['cheerful'] },
];

/** `GET /v1/models`: the models for recognition and speech. */
export function answerModelsRequest(
  request: IncomingMessage,
  response: ServerResponse,
  apiKeys: readonly string[] | undefined,
  requestId: string,
): void {
  if (!isAuthorised(request, apiKeys)) {
    const { status, body, headers } = refusal(401, 'Invalid credentials.', requestId);
    sendJson(response, status, body, headers);
    return;
  }
  sendJson(response, 200, {
    stt: [
      {
        name: 'general',
        canonical_name: 'nova-3-general',
        architecture: 'nova-3',
        languages: ['en'],
        batch: true,
        streaming: true,
      },
    ],
    tts: voices.map(({ id, name, accent, tags }) => ({
      name,
      canonical_name: id,
      architecture: 'aura-2',
      languages: [id.slice(-2)],
      metadata: { accent, tags },
    })),
  });
}
