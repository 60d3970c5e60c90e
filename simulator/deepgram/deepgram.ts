import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  FaultBook,
  isRefusal,
  LISTEN_LATENCY,
  SPEAK_LATENCY,
  type DeepgramBehaviour,
  type ListenFault,
  type SpeakFault,
} from '../faults.ts';
import type { Probe } from '../probe.ts';
import type { SpeechRegistry } from '../speech/heard-speech.ts';
import { speechSource, type SpeechSource } from '../speech-delivery.ts';
import { startVendorServer, wait, type Upgrade } from '../vendor-server.ts';
import { checkAuraSocketQuery } from './aura-configuration.ts';
import { serveAura, type SpeakStats } from './aura-connection.ts';
import { answerSpeakRequest } from './aura-request.ts';
import { answerModelsRequest } from './models-request.ts';
import { isAuthorised, refusal } from './authorisation.ts';
import { checkFluxQuery } from './flux-configuration.ts';
import { serveFlux } from './flux-connection.ts';
import type { ListenStats } from './listen-link.ts';
import { checkNovaQuery } from './nova-configuration.ts';
import { serveNova } from './nova-connection.ts';

export interface DeepgramOptions {
  readonly port?: number;
  /** Speech of the simulated callers, which the recogniser finds in the audio it receives. */
  readonly speech: SpeechRegistry;
  readonly faults?: DeepgramBehaviour;
  /** Any key is good unless some are named. */
  readonly apiKeys?: readonly string[];
  /** Spoken instead of any text: mu-law, 8 kHz. */
  readonly cannedSpeech?: Uint8Array;
  readonly probe?: Probe;
  /** A listening connection that receives nothing for so long is closed. */
  readonly idleTimeoutMs?: number;
}

export interface DeepgramSimulator {
  readonly url: string;
  /** Settable at any time; holds for what begins afterwards. */
  faults: DeepgramBehaviour;
  readonly stats: { readonly flux: ListenStats; readonly nova: ListenStats; readonly aura: SpeakStats };
  close(): Promise<void>;
}

const IDLE_TIMEOUT_MS = 10_000;

/** Flux and Nova (listening) and Aura (speaking), as described in the vendor's documents. */
export async function startDeepgram(options: DeepgramOptions): Promise<DeepgramSimulator> {
  const deepgram = new Deepgram(options);
  const server = await startVendorServer({
    port: options.port ?? 0,
    onUpgrade: (upgrade) => deepgram.onUpgrade(upgrade),
    onRequest: (request, response, url) => deepgram.onRequest(request, response, url),
  });
  return {
    url: server.url,
    stats: deepgram.stats,
    close: () => server.close(),
    get faults() {
      return deepgram.faults;
    },
    set faults(faults) {
      deepgram.faults = faults;
    },
  };
}

const CHECKS = {
  '/v2/listen': checkFluxQuery,
  '/v1/listen': checkNovaQuery,
  '/v1/speak': checkAuraSocketQuery,
} as const;

class Deepgram {
  readonly stats = { flux: newListenStats(), nova: newListenStats(), aura: newSpeakStats() };
  readonly #options: DeepgramOptions;
  readonly #listenFaults = new FaultBook<ListenFault>();
  readonly #speakFaults = new FaultBook<SpeakFault>();
  readonly #source: SpeechSource;
  #faults: DeepgramBehaviour = {};
  #connections = 0;

  constructor(options: DeepgramOptions) {
    this.#options = options;
    this.#source = speechSource(options.cannedSpeech);
    this.faults = options.faults ?? {};
  }

  get faults(): DeepgramBehaviour {
    return this.#faults;
  }

  set faults(faults: DeepgramBehaviour) {
    this.#faults = faults;
    this.#listenFaults.set(faults.listen?.faults);
    this.#speakFaults.set(faults.speak?.faults);
  }

  async onUpgrade(upgrade: Upgrade): Promise<void> {
    const { pathname, searchParams } = upgrade.url;
    const requestId = randomUUID();
    const path = Object.hasOwn(CHECKS, pathname) ? (pathname as keyof typeof CHECKS) : undefined;
    const isListening = path !== '/v1/speak';
    const connectMs = isListening ? this.#listenLatency().connectMs : this.#speakLatency().connectMs;
    await wait(connectMs);
    const refused = this.#refuse(path, upgrade, requestId);
    if (refused) {
      if (path) this.#statsOf(path).refused += 1;
      upgrade.refuse(refused.status, refused.body, refused.headers);
      return;
    }
    const socket = path && upgrade.accept();
    if (!socket) return;
    this.#connections += 1;
    this.#statsOf(path).connections += 1;
    const shared = { connection: this.#connections, requestId, probe: this.#options.probe };
    const { href } = upgrade.url;
    if (path === '/v1/speak') serveAura(socket, searchParams, { ...shared, ...this.#speaking(href) });
    else if (path === '/v2/listen')
      serveFlux(socket, searchParams, { ...shared, ...this.#listening('flux', href) });
    else serveNova(socket, searchParams, { ...shared, ...this.#listening('nova', href) });
  }

  async onRequest(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    this.#connections += 1;
    const shared = { connection: this.#connections, requestId: randomUUID(), probe: this.#options.probe };
    await wait(this.#speakLatency().connectMs);
    if (request.method === 'GET' && url.pathname === '/v1/models') {
      answerModelsRequest(request, response, this.#options.apiKeys, shared.requestId);
      return;
    }
    await answerSpeakRequest(request, response, url, this.#options.apiKeys, {
      ...shared,
      ...this.#speaking(url.href),
    });
  }

  #refuse(path: keyof typeof CHECKS | undefined, { request, url }: Upgrade, requestId: string) {
    if (!path) return refusal(404, 'no such path', requestId);
    if (!isAuthorised(request, this.#options.apiKeys)) return refusal(401, 'Invalid credentials.', requestId);
    const wrong = CHECKS[path](url.searchParams);
    if (wrong) return refusal(400, wrong, requestId);
    const fault =
      path === '/v1/speak'
        ? this.#speakFaults.about(url.href).strike(isRefusal)
        : this.#listenFaults.about(url.href).strike(isRefusal);
    return fault && refusal(fault.status, 'refused by the scenario', requestId, fault);
  }

  #statsOf(path: keyof typeof CHECKS): { connections: number; refused: number } {
    return path === '/v2/listen'
      ? this.stats.flux
      : path === '/v1/listen'
        ? this.stats.nova
        : this.stats.aura;
  }

  #listening(product: 'flux' | 'nova', address: string) {
    return {
      speech: this.#options.speech,
      latency: this.#listenLatency(),
      faults: this.#listenFaults.about(address),
      idleTimeoutMs: this.#options.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
      stats: this.stats[product],
    };
  }

  #speaking(address: string) {
    return {
      source: this.#source,
      latency: this.#speakLatency(),
      faults: this.#speakFaults.about(address),
      stats: this.stats.aura,
    };
  }

  #listenLatency() {
    return { ...LISTEN_LATENCY, ...this.#faults.listen?.latency };
  }

  #speakLatency() {
    return { ...SPEAK_LATENCY, ...this.#faults.speak?.latency };
  }
}

function newListenStats(): ListenStats {
  return { connections: 0, open: 0, refused: 0, audioBytes: 0, turnsEnded: 0, eagerEnds: 0, timedOut: 0 };
}

function newSpeakStats(): SpeakStats {
  return { connections: 0, open: 0, refused: 0, utterances: 0, characters: 0, audioBytes: 0, cleared: 0 };
}
