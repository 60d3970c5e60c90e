import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { FaultBook, isRefusal, SPEAK_LATENCY, type SpeakBehaviour, type SpeakFault } from '../faults.ts';
import type { Probe } from '../probe.ts';
import { speechSource, type SpeechSource } from '../speech-delivery.ts';
import { sendJson, startVendorServer, wait, type Upgrade } from '../vendor-server.ts';
import { errorBody, type HttpError } from './http-error.ts';
import { serveMultiContext } from './multi-context.ts';
import { serveSingleContext } from './single-context.ts';
import { parseSocketQuery } from './speech-query.ts';
import { answerStreamRequest } from './stream-request.ts';
import type { ElevenlabsStats } from './speech-socket.ts';
import { isVoice, listVoices } from './voices.ts';

export interface ElevenlabsOptions {
  readonly port?: number;
  readonly faults?: SpeakBehaviour;
  /** Any key is good unless some are named. */
  readonly apiKeys?: readonly string[];
  /** Spoken instead of any text: mu-law, 8 kHz. */
  readonly cannedSpeech?: Uint8Array;
  readonly probe?: Probe;
}

export interface ElevenlabsSimulator {
  readonly url: string;
  /** Settable at any time; holds for what begins afterwards. */
  faults: SpeakBehaviour;
  readonly stats: ElevenlabsStats;
  close(): Promise<void>;
}

const PATH = /^\/v1\/text-to-speech\/([^/]+)\/(multi-stream-input|stream-input|stream)$/;

/** Speech over both kinds of socket and over HTTP, and the list of voices. */
export async function startElevenlabs(options: ElevenlabsOptions = {}): Promise<ElevenlabsSimulator> {
  const elevenlabs = new Elevenlabs(options);
  const server = await startVendorServer({
    port: options.port ?? 0,
    onUpgrade: (upgrade) => elevenlabs.onUpgrade(upgrade),
    onRequest: (request, response, url) => elevenlabs.onRequest(request, response, url),
  });
  return {
    url: server.url,
    stats: elevenlabs.stats,
    close: () => server.close(),
    get faults() {
      return elevenlabs.faults;
    },
    set faults(faults) {
      elevenlabs.faults = faults;
    },
  };
}

class Elevenlabs {
  readonly stats: ElevenlabsStats = {
    connections: 0,
    open: 0,
    refused: 0,
    utterances: 0,
    openContexts: 0,
    characters: 0,
    audioBytes: 0,
    timedOut: 0,
  };
  readonly #options: ElevenlabsOptions;
  readonly #faultBook = new FaultBook<SpeakFault>();
  readonly #source: SpeechSource;
  #faults: SpeakBehaviour = {};

  constructor(options: ElevenlabsOptions) {
    this.#options = options;
    this.#source = speechSource(options.cannedSpeech);
    this.faults = options.faults ?? {};
  }

  get faults(): SpeakBehaviour {
    return this.#faults;
  }

  set faults(faults: SpeakBehaviour) {
    this.#faults = faults;
    this.#faultBook.set(faults.faults);
  }

  async onUpgrade(upgrade: Upgrade): Promise<void> {
    const latency = this.#latency();
    await wait(latency.connectMs);
    const [, voiceId = '', kind] = PATH.exec(upgrade.url.pathname) ?? [];
    const refused = this.#refuseUpgrade(upgrade, kind);
    if (refused) {
      this.stats.refused += 1;
      upgrade.refuse(refused.status, refused.body, refused.headers);
      return;
    }
    const socket = upgrade.accept();
    if (!socket) return;
    this.stats.connections += 1;
    const query = parseSocketQuery(upgrade.url.searchParams);
    const wrong =
      'error' in query
        ? query
        : isVoice(voiceId)
          ? undefined
          : { error: 'voice_not_found', message: `A voice with voice_id ${voiceId} was not found.` };
    if (wrong || 'error' in query) {
      socket.ws.send(JSON.stringify({ ...wrong, code: 1008 }));
      socket.ws.close(1008, wrong?.error);
      return;
    }
    const hasKey = keysOf(upgrade.request.headers, upgrade.url.searchParams).length > 0;
    const context = {
      connection: this.stats.connections,
      voiceId,
      query,
      source: this.#source,
      latency,
      faults: this.#faultBook.about(upgrade.url.href),
      stats: this.stats,
      probe: this.#options.probe,
      acceptsKey: hasKey ? undefined : (key: unknown) => this.#isKey(key),
    };
    if (kind === 'multi-stream-input') serveMultiContext(socket, context);
    else serveSingleContext(socket, context);
  }

  async onRequest(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, voiceId = '', kind] = PATH.exec(url.pathname) ?? [];
    const isStream = kind === 'stream' && request.method === 'POST';
    const isVoiceList = url.pathname === '/v1/voices' && request.method === 'GET';
    if (isStream) await wait(this.#latency().connectMs);
    const isAuthorised = keysOf(request.headers, url.searchParams).some((key) => this.#isKey(key));
    const refused =
      !isStream && !isVoiceList
        ? errorBody(404, 'not_found', 'Not Found')
        : !isAuthorised
          ? errorBody(401, 'invalid_api_key', 'Invalid API key')
          : isStream
            ? this.#strikeRefusal(url)
            : undefined;
    if (refused) {
      this.stats.refused += 1;
      sendJson(response, refused.status, refused.body, refused.headers);
    } else if (isVoiceList) sendJson(response, 200, { voices: listVoices(), has_more: false });
    else {
      await answerStreamRequest(request, response, url, {
        voiceId,
        source: this.#source,
        latency: this.#latency(),
        faults: this.#faultBook.about(url.href),
        stats: this.stats,
        probe: this.#options.probe,
      });
    }
  }

  #refuseUpgrade({ url, request }: Upgrade, kind: string | undefined): HttpError | undefined {
    if (kind === undefined || kind === 'stream') return errorBody(404, 'not_found', 'Not Found');
    const keys = keysOf(request.headers, url.searchParams);
    // Without any key the first message may still bring one.
    if (keys.length > 0 && !keys.some((key) => this.#isKey(key)))
      return errorBody(401, 'invalid_api_key', 'Invalid API key');
    return this.#strikeRefusal(url);
  }

  #strikeRefusal(url: URL): HttpError | undefined {
    const fault = this.#faultBook.about(url.href).strike(isRefusal);
    return fault && errorBody(fault.status, fault.code, 'refused by the scenario', fault.retryAfterSeconds);
  }

  #isKey(key: unknown): boolean {
    if (typeof key !== 'string' || key === '') return false;
    return this.#options.apiKeys === undefined || this.#options.apiKeys.includes(key);
  }

  #latency() {
    return { ...SPEAK_LATENCY, ...this.#faults.latency };
  }
}

/** Every place in which the upgrade may have a key. */
function keysOf(headers: IncomingHttpHeaders, query: URLSearchParams): string[] {
  const bearer = /^bearer (\S+)$/i.exec(headers.authorization ?? query.get('authorization') ?? '')?.[1];
  const keys = [headers['xi-api-key'], bearer, query.get('single_use_token')];
  return keys.filter((key): key is string => typeof key === 'string' && key !== '');
}
