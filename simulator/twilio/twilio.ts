import type { CallEvent } from '../call-event.ts';
import type { CallReport } from '../call-report.ts';
import type { Probe } from '../probe.ts';
import type { Scenario } from '../scenario.ts';
import { agentSpeech } from '../speech/agent-speech.ts';
import type { SpeechRegistry } from '../speech/heard-speech.ts';
import { startVendorServer } from '../vendor-server.ts';
import { SimulatedCall, type CallSetup, type Carrier } from './call.ts';
import { FrameClock } from './frame-clock.ts';
import { answerRest, type Account, type IncomingNumber, type SentMessage } from './rest.ts';
import { WebhookSender, type Routes } from './webhook.ts';

export interface TwilioOptions {
  readonly accountSid: string;
  readonly authToken: string;
  /** The registry in which the recogniser finds the callers' speech. */
  readonly speech: SpeechRegistry;
  readonly port?: number;
  /** How public addresses are reached from here: public origin → local origin. Signatures stay over the public one. */
  readonly routes?: Routes;
  /** `loopback`, the default, dials `wss://127.0.0.1…` without TLS; `never` takes the scheme at its word. */
  readonly mediaWithoutTls?: 'loopback' | 'never';
  /** The scenario of a person called by the server. */
  readonly answering?: Scenario;
  readonly probe?: Probe;
}

export interface InboundCall {
  readonly scenario: Scenario;
  readonly to: string;
  readonly from?: string;
  /** Unless given, the URLs that the number was configured with over REST. */
  readonly voiceUrl?: string;
  readonly statusUrl?: string;
  readonly fallbackUrl?: string;
  /** Path of a stereo WAV of the call, as the caller heard it. */
  readonly recordTo?: string;
  readonly listensForWords?: boolean;
  readonly maxCallMs?: number;
  readonly onEvent?: (event: CallEvent) => void;
}

export interface PlacedCall {
  readonly callSid: string;
  readonly done: Promise<CallReport>;
  /** All events so far. */
  readonly events: readonly CallEvent[];
}

export interface TwilioSimulator {
  readonly url: string;
  readonly messages: readonly SentMessage[];
  placeCall(call: InboundCall): PlacedCall;
  /** A call by its sid, also one that the server has placed; the last thousand are remembered. */
  findCall(callSid: string): PlacedCall | undefined;
  close(): Promise<void>;
}

const MAX_REMEMBERED_CALLS = 1_000;

const picksUp: Scenario = {
  name: 'picks-up',
  description: 'A person answers the telephone, says hello and listens.',
  caller: { phone: '+15005550199' },
  steps: [{ say: 'Hello?', when: { afterMs: 300 } }],
};

/** The carrier: REST interface, webhooks, instructions and media streams. */
export async function startTwilio(options: TwilioOptions): Promise<TwilioSimulator> {
  const carrier: Carrier = {
    accountSid: options.accountSid,
    sender: new WebhookSender({
      authToken: options.authToken,
      ...(options.routes && { routes: options.routes }),
    }),
    clock: new FrameClock(),
    speech: options.speech,
    agentSpeech,
    mediaWithoutTls: options.mediaWithoutTls ?? 'loopback',
    probe: options.probe,
  };
  const calls = new Map<string, SimulatedCall>();
  const placed = new Map<string, PlacedCall>();
  const numbers = new Map<string, IncomingNumber>();
  const messages: SentMessage[] = [];

  const start = (setup: CallSetup): SimulatedCall => {
    const call = new SimulatedCall(carrier, setup);
    calls.set(call.sid, call);
    const done = call.run();
    // Avoids an unhandled rejection, because nobody may be awaiting `done` yet.
    done.catch(() => undefined);
    placed.set(call.sid, { callSid: call.sid, done, events: call.events });
    forgetOldest(calls, placed);
    return call;
  };

  const account: Account = {
    sid: options.accountSid,
    authToken: options.authToken,
    calls,
    numbers,
    messages,
    placeOutbound: ({ from, to, instructions, statusUrl, fallbackUrl }) =>
      start({
        direction: 'outbound-api',
        scenario: options.answering ?? picksUp,
        from,
        to,
        instructions,
        ...(statusUrl !== undefined && { statusUrl }),
        ...(fallbackUrl !== undefined && { fallbackUrl }),
      }),
  };
  const server = await startVendorServer({
    port: options.port ?? 0,
    onRequest: (request, response, url) => answerRest(account, request, response, url),
    onUpgrade: (upgrade) => Promise.resolve(upgrade.refuse(404, { code: 20_404, status: 404 })),
  });
  return {
    url: server.url,
    messages,
    placeCall: (call) => placed.get(start(inboundSetup(call, numbers)).sid)!,
    findCall: (callSid) => placed.get(callSid),
    async close() {
      for (const call of calls.values()) call.complete();
      await Promise.allSettled([...placed.values()].map((call) => call.done));
      await server.close();
    },
  };
}

function inboundSetup(call: InboundCall, numbers: ReadonlyMap<string, IncomingNumber>): CallSetup {
  const { scenario, to, from, voiceUrl, statusUrl, ...rest } = call;
  const number = [...numbers.values()].find((candidate) => candidate.phoneNumber === to);
  const url = voiceUrl ?? number?.voiceUrl;
  if (url === undefined || url === '') throw new Error(`${to} has no voice URL`);
  const callbackUrl = statusUrl ?? number?.statusCallback;
  return {
    ...rest,
    direction: 'inbound',
    scenario,
    to,
    from: from ?? scenario.caller.phone,
    instructions: { type: 'fetch', url, method: 'POST' },
    ...(callbackUrl !== undefined && callbackUrl !== '' && { statusUrl: callbackUrl }),
  };
}

function forgetOldest(calls: Map<string, SimulatedCall>, placed: Map<string, PlacedCall>): void {
  if (calls.size <= MAX_REMEMBERED_CALLS) return;
  const oldest = calls.keys().next().value!;
  calls.delete(oldest);
  placed.delete(oldest);
}
