import { startDeepgram, type DeepgramSimulator } from './deepgram/deepgram.ts';
import { startElevenlabs, type ElevenlabsSimulator } from './elevenlabs/elevenlabs.ts';
import type { VendorFaults } from './faults.ts';
import { startGoogle, type GoogleSimulator } from './google/google.ts';
import { startOpenai, type OpenaiSimulator } from './openai/openai.ts';
import type { Probe } from './probe.ts';
import type { Scenario } from './scenario.ts';
import { getScenario } from './scenarios/all-scenarios.ts';
import { SpeechRegistry } from './speech/heard-speech.ts';
import {
  startTwilio,
  type InboundCall,
  type PlacedCall,
  type TwilioOptions,
  type TwilioSimulator,
} from './twilio/twilio.ts';

export interface SimulatorOptions extends Partial<Omit<TwilioOptions, 'port' | 'speech' | 'probe'>> {
  /** Default faults, for scenarios without their own. */
  readonly faults?: VendorFaults;
  /** Fixed ports; any free one unless given. */
  readonly ports?: Partial<Record<keyof VendorAddresses, number>>;
  /** Spoken by the agent's voices instead of any text: mu-law, 8 kHz. For load. */
  readonly cannedSpeech?: Uint8Array;
  /** Answered by the model to every request, `{request}` being the number of that request. For load. */
  readonly cannedReply?: string;
  readonly probe?: Probe;
}

/** Base addresses as the server's configuration wants them. */
export type VendorAddresses = Readonly<
  Record<'twilio' | 'deepgram' | 'openai' | 'elevenlabs' | 'google', string>
>;

export interface CallRequest extends Omit<InboundCall, 'scenario'> {
  /** A known scenario by name, or a scenario as data. */
  readonly scenario: Scenario | string;
}

export interface Simulator {
  readonly accountSid: string;
  readonly authToken: string;
  readonly addresses: VendorAddresses;
  readonly twilio: TwilioSimulator;
  readonly deepgram: DeepgramSimulator;
  readonly openai: OpenaiSimulator;
  readonly elevenlabs: ElevenlabsSimulator;
  readonly google: GoogleSimulator;
  /** May be set at any time; applies to what begins afterwards at any vendor. */
  faults: VendorFaults;
  /** Places a call. The faults of the scenario apply until the call has ended. */
  placeCall(request: CallRequest): PlacedCall;
  close(): Promise<void>;
}

const SIMULATED_ACCOUNT_SID = `AC${'5'.repeat(32)}`;
const SIMULATED_AUTH_TOKEN = 'simulated-auth-token';

/** Starts all vendors, each on its own port of 127.0.0.1, and simulated callers. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { ports = {}, cannedSpeech, cannedReply, probe, ...carrier } = options;
  const { accountSid = SIMULATED_ACCOUNT_SID, authToken = SIMULATED_AUTH_TOKEN } = options;
  const speech = new SpeechRegistry();
  const canned = cannedSpeech !== undefined && { cannedSpeech };
  const probing = probe !== undefined && { probe };
  const [twilio, deepgram, openai, elevenlabs, google] = await Promise.all([
    startTwilio({ ...carrier, ...probing, accountSid, authToken, speech, ...portOf(ports.twilio) }),
    startDeepgram({ speech, ...canned, ...probing, ...portOf(ports.deepgram) }),
    startOpenai({ ...(cannedReply !== undefined && { cannedReply }), ...probing, ...portOf(ports.openai) }),
    startElevenlabs({ ...canned, ...probing, ...portOf(ports.elevenlabs) }),
    startGoogle(portOf(ports.google)),
  ]);
  let faults: VendorFaults = {};
  const setFaults = (wanted: VendorFaults): void => {
    faults = wanted;
    deepgram.faults = wanted.deepgram ?? {};
    openai.faults = wanted.openai ?? {};
    elevenlabs.faults = wanted.elevenlabs ?? {};
  };
  setFaults(options.faults ?? {});
  return {
    accountSid,
    authToken,
    addresses: {
      twilio: twilio.url,
      deepgram: deepgram.url,
      openai: openai.url,
      elevenlabs: elevenlabs.url,
      google: google.url,
    },
    twilio,
    deepgram,
    openai,
    elevenlabs,
    google,
    get faults() {
      return faults;
    },
    set faults(wanted) {
      setFaults(wanted);
    },
    placeCall({ scenario: named, ...request }) {
      const scenario = typeof named === 'string' ? getScenario(named) : named;
      const before = faults;
      if (scenario.faults !== undefined) setFaults(scenario.faults);
      const call = twilio.placeCall({ ...request, scenario });
      if (scenario.faults === undefined) return call;
      const restore = (): void => {
        if (faults === scenario.faults) setFaults(before);
      };
      void call.done.then(restore, restore);
      return call;
    },
    async close() {
      await twilio.close();
      await Promise.all([deepgram.close(), openai.close(), elevenlabs.close(), google.close()]);
    },
  };
}

function portOf(port: number | undefined): { port?: number } {
  return port === undefined ? {} : { port };
}
