import type { RawData } from 'ws';
import { parseObject, type VendorSocket } from '../vendor-server.ts';
import { configured, thresholdsOf, type FluxConfiguration } from './flux-configuration.ts';
import { FluxTurns, type FluxTurnInfo } from './flux-turns.ts';
import { ListenLink, type ListenContext } from './listen-link.ts';

/** One `/v2/listen` connection: audio and control messages in, turn information out. */
export function serveFlux(socket: VendorSocket, query: URLSearchParams, context: ListenContext): void {
  const isMultilingual = query.get('model') === 'flux-general-multi';
  const turns = new FluxTurns(thresholdsOf(query), context.latency);
  let configuration: FluxConfiguration = {
    thresholds: turns.thresholds,
    keyterms: query.getAll('keyterm'),
    languageHints: query.getAll('language_hint'),
  };
  let sequenceId = 0;
  const link = new ListenLink(socket, context, () =>
    fail('INTERNAL_SERVER_ERROR', 'the recogniser failed', 1011),
  );

  function send(message: object): void {
    link.send({ request_id: context.requestId, sequence_id: sequenceId, ...message });
    sequenceId += 1;
  }

  function fail(code: string, description: string, closeCode: number): void {
    send({ type: 'Error', code, description });
    link.close(closeCode, code);
  }

  function sendTurnInfo(info: FluxTurnInfo): void {
    if (info.event === 'StartOfTurn') link.beginTurn();
    link.recognised(info.words.length);
    if (info.event === 'EndOfTurn' && link.isTurnUnfinished) return;
    const message = formatTurnInfo(info);
    send(
      isMultilingual
        ? { ...message, languages: ['en'], languages_hinted: configuration.languageHints }
        : message,
    );
    const { probe, connection } = context;
    const { transcript } = message;
    if (info.event !== 'EndOfTurn' && info.event !== 'EagerEndOfTurn') {
      if (transcript !== '') probe?.({ type: 'words-sent', connection, transcript, atMs: performance.now() });
      return;
    }
    const eager = info.event === 'EagerEndOfTurn';
    context.stats[eager ? 'eagerEnds' : 'turnsEnded'] += 1;
    probe?.({ type: 'end-of-turn-sent', connection, eager, transcript, atMs: performance.now() });
  }

  function configure(message: Readonly<Record<string, unknown>>): void {
    const next = configured(configuration, message, isMultilingual);
    if (typeof next === 'string') {
      send({ type: 'ConfigureFailure', code: 'INVALID_CONFIGURATION', description: next });
      return;
    }
    configuration = next;
    turns.configure(next.thresholds);
    const { endOfTurn, eager, timeoutMs } = next.thresholds;
    send({
      type: 'ConfigureSuccess',
      thresholds: {
        eot_threshold: endOfTurn,
        ...(eager === undefined ? {} : { eager_eot_threshold: eager }),
        eot_timeout_ms: timeoutMs,
      },
      keyterms: next.keyterms,
      language_hints: next.languageHints,
    });
  }

  function forceEndTurn(): void {
    const end = turns.forceEndTurn();
    if (end) sendTurnInfo(end);
    else
      send({
        type: 'Warning',
        code: 'FORCE_END_TURN_NO_ACTIVE_TURN',
        description: 'there is no active turn to end',
      });
  }

  socket.ws.on('message', (data: RawData, isBinary: boolean) => {
    if (isBinary) {
      for (const frame of link.hear(data as Buffer)) for (const info of turns.hear(frame)) sendTurnInfo(info);
      return;
    }
    const message = parseObject((data as Buffer).toString());
    switch (message?.['type']) {
      case 'CloseStream':
        sendTurnInfo(turns.flush());
        link.close();
        return;
      case 'Configure':
        configure(message);
        return;
      case 'ForceEndTurn':
        forceEndTurn();
        return;
      default:
        fail('UNPARSABLE_CLIENT_MESSAGE', 'the message could not be understood', 1008);
    }
  });
  send({ type: 'Connected' });
}

function formatTurnInfo(info: FluxTurnInfo) {
  return {
    type: 'TurnInfo',
    event: info.event,
    turn_index: info.turnIndex,
    audio_window_start: seconds(info.windowStartMs),
    audio_window_end: seconds(info.windowEndMs),
    transcript: info.words.map((word) => word.text).join(' '),
    words: info.words.map((word) => ({
      word: word.text,
      confidence: 0.98,
      start: seconds(word.startMs),
      end: seconds(word.endMs),
    })),
    end_of_turn_confidence: Math.round(info.confidence * 10_000) / 10_000,
    ...(info.trigger ? { trigger: info.trigger } : {}),
  };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
