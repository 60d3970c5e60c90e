import type { RawData } from 'ws';
import { isSpeakCut, type Cut, type FaultsOf, type SpeakFault, type SpeakLatency } from '../faults.ts';
import type { Probe } from '../probe.ts';
import { SpeechDelivery, type SpeechSource } from '../speech-delivery.ts';
import { parseObject, type VendorSocket } from '../vendor-server.ts';

export interface SpeakContext {
  readonly connection: number;
  readonly requestId: string;
  readonly source: SpeechSource;
  readonly latency: SpeakLatency;
  readonly faults: FaultsOf<SpeakFault>;
  readonly stats: SpeakStats;
  readonly probe: Probe | undefined;
}

export interface SpeakStats {
  connections: number;
  open: number;
  refused: number;
  utterances: number;
  characters: number;
  audioBytes: number;
  cleared: number;
}

const MAX_CHARACTERS = 2_000;
const MAX_FLUSHES = 20;
const FLUSH_WINDOW_MS = 60_000;
/** The vendor's chunks are of any size; this one is no multiple of a telephone frame, so that no client relies on it. */
const CHUNK_BYTES = 1_500;

/** One `/v1/speak` connection: text is collected until it is flushed, then spoken in order. */
export function serveAura(socket: VendorSocket, query: URLSearchParams, context: SpeakContext): void {
  const { ws } = socket;
  const { stats, connection } = context;
  const model = query.get('model') ?? 'aura-asteria-en';
  const speed = Number(query.get('speed') ?? 1);
  const flushedAtMs: number[] = [];
  let buffer = '';
  let sequenceId = 0;
  let silenced = false;
  let delivery = newDelivery();

  stats.open += 1;
  ws.on('close', () => {
    stats.open -= 1;
    delivery.stop();
  });

  function send(message: object): void {
    if (!silenced) ws.send(JSON.stringify(message));
  }

  function perform(fault: Cut<'byte'>): void {
    silenced = fault.type !== 'malformed' && fault.type !== 'unfinished';
    if (fault.type === 'reset') socket.reset();
    else if (fault.type === 'close') ws.close(1000);
    else if (fault.type === 'error') ws.close(1011, 'NET-0000');
    else if (fault.type === 'malformed') ws.send('{"type":"Flushed","sequ');
  }

  function newDelivery(): SpeechDelivery {
    return new SpeechDelivery(context.latency, CHUNK_BYTES, {
      audio(mulaw, speech, startByte) {
        if (silenced) return;
        stats.audioBytes += mulaw.length;
        ws.send(mulaw);
        if (startByte > 0 || !context.probe) return;
        const text = speech.characters.map(({ character }) => character).join('');
        context.probe({ type: 'first-audio-sent', connection, text, atMs: performance.now() });
      },
      cut: perform,
    });
  }

  function speak(text: string): void {
    stats.utterances += 1;
    delivery.begin(context.faults.strike(isSpeakCut));
    if (text.trim() !== '') delivery.speak(context.source(text, speed));
    delivery.mark(() => {
      send({ type: 'Flushed', sequence_id: sequenceId });
      sequenceId += 1;
    });
  }

  function flush(): void {
    const nowMs = performance.now();
    while (flushedAtMs.length > 0 && nowMs - flushedAtMs[0]! >= FLUSH_WINDOW_MS) flushedAtMs.shift();
    if (flushedAtMs.length >= MAX_FLUSHES) {
      send({
        type: 'Warning',
        code: 'EXCESSIVE_FLUSH',
        description: `more than ${MAX_FLUSHES} flushes in 60 seconds: this one is ignored`,
      });
      return;
    }
    flushedAtMs.push(nowMs);
    speak(buffer);
    buffer = '';
  }

  ws.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) {
      ws.close(1003, 'MESSAGE-0000');
      return;
    }
    const message = parseObject((data as Buffer).toString());
    const text = message?.['text'];
    switch (message?.['type']) {
      case 'Speak':
        if (typeof text !== 'string') ws.close(1008, 'DATA-0000');
        else if (text.length > MAX_CHARACTERS) ws.close(1008, 'DATA-0001');
        else {
          buffer += text;
          stats.characters += text.length;
          context.probe?.({ type: 'speech-text-received', connection, text, atMs: performance.now() });
        }
        return;
      case 'Flush':
        flush();
        return;
      case 'Clear':
        stats.cleared += 1;
        buffer = '';
        delivery.stop();
        delivery = newDelivery();
        send({ type: 'Cleared', sequence_id: sequenceId });
        sequenceId += 1;
        return;
      case 'Close':
        if (buffer !== '') speak(buffer);
        delivery.begin(undefined);
        delivery.mark(() => ws.close(1000));
        return;
      default:
        ws.close(1008, 'DATA-0000');
    }
  });
  send({
    type: 'Metadata',
    request_id: context.requestId,
    model_name: model,
    model_version: '2026-02-01.0',
    model_uuid: 'ecb76e9d-f2db-4127-8060-79b05590d22f',
  });
}
