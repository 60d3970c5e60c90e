import { createHash } from 'node:crypto';
import type { RawData } from 'ws';
import { BYTES_PER_MS } from '../../src/audio/frame.ts';
import { parseObject, type VendorSocket } from '../vendor-server.ts';
import { ListenLink, type ListenContext } from './listen-link.ts';
import { novaSettingsOf } from './nova-configuration.ts';
import { NovaTranscriber, type NovaEvent } from './nova-transcriber.ts';

/** One `/v1/listen` connection. */
export function serveNova(socket: VendorSocket, query: URLSearchParams, context: ListenContext): void {
  const model = query.get('model')!;
  const transcriber = new NovaTranscriber(novaSettingsOf(query));
  const link = new ListenLink(socket, context, () => link.close(1011, 'NET-0000'));
  let utteranceWords = 0;
  let isTurnOpen = false;

  function send(event: NovaEvent): void {
    if (event.type === 'results') {
      if (event.words.length > 0) tellWords(event.words.length);
      if (event.isFinal) utteranceWords += event.words.length;
      if (event.speechFinal) endTurn(event);
      if (event.speechFinal && link.isTurnUnfinished) return;
    } else if (event.type === 'utterance-end' && link.isTurnUnfinished) return;
    link.send(format(event, model, context.requestId));
  }

  function tellWords(count: number): void {
    if (!isTurnOpen) link.beginTurn();
    isTurnOpen = true;
    link.recognised(utteranceWords + count);
  }

  function endTurn(event: NovaEvent & { type: 'results' }): void {
    isTurnOpen = false;
    utteranceWords = 0;
    if (link.isTurnUnfinished) return;
    context.stats.turnsEnded += 1;
    const { probe, connection } = context;
    probe?.({
      type: 'end-of-turn-sent',
      connection,
      eager: false,
      transcript: transcriptOf(event.words),
      atMs: performance.now(),
    });
  }

  function closeStream(): void {
    for (const event of transcriber.finish(false)) send(event);
    link.send({
      type: 'Metadata',
      transaction_key: 'deprecated',
      request_id: context.requestId,
      sha256: createHash('sha256').update(context.requestId).digest('hex'),
      created: new Date().toISOString(),
      duration: seconds(link.receivedBytes / BYTES_PER_MS),
      channels: 1,
    });
    link.close(1000);
  }

  socket.ws.on('message', (data: RawData, isBinary: boolean) => {
    const bytes = data as Buffer;
    if (isBinary) {
      if (bytes.length === 0) closeStream();
      else for (const frame of link.hear(bytes)) for (const event of transcriber.hear(frame)) send(event);
      return;
    }
    switch (parseObject(bytes.toString())?.['type']) {
      case 'KeepAlive':
        // Keep-alives alone do not keep a stream that has never received audio.
        if (link.receivedBytes > 0) link.keepAlive();
        return;
      case 'Finalize':
        for (const event of transcriber.finish(true)) send(event);
        return;
      case 'CloseStream':
        closeStream();
        return;
      default:
        link.close(1008, 'DATA-0000');
    }
  });
}

function format(event: NovaEvent, model: string, requestId: string): object {
  switch (event.type) {
    case 'speech-started':
      return { type: 'SpeechStarted', channel: [0, 1], timestamp: seconds(event.atMs) };
    case 'utterance-end':
      return { type: 'UtteranceEnd', channel: [0, 1], last_word_end: seconds(event.lastWordEndMs) };
    case 'results':
      return {
        type: 'Results',
        channel_index: [0, 1],
        start: seconds(event.startMs),
        duration: seconds(event.durationMs),
        is_final: event.isFinal,
        speech_final: event.speechFinal,
        from_finalize: event.fromFinalize,
        channel: { alternatives: [formatAlternative(event)] },
        metadata: {
          request_id: requestId,
          model_info: { name: model, version: '2026-01-01.0', arch: 'nova-3' },
          model_uuid: '1dbdfb4d-85b2-4659-9831-16b3c76229aa',
        },
      };
    default:
      return event satisfies never;
  }
}

function formatAlternative({ words }: NovaEvent & { type: 'results' }): object {
  return {
    transcript: transcriptOf(words),
    confidence: words.length > 0 ? 0.98 : 0,
    words: words.map((word) => ({
      word: word.text.toLowerCase().replace(/[^\p{L}\p{N}'-]/gu, ''),
      start: seconds(word.startMs),
      end: seconds(word.endMs),
      confidence: 0.98,
      punctuated_word: word.text,
    })),
  };
}

function transcriptOf(words: readonly { readonly text: string }[]): string {
  return words.map((word) => word.text).join(' ');
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
