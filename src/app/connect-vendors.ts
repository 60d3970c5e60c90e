import type { LanguageModel } from '../agent/language-model.ts';
import type { AgentConfig } from '../business/line/agents/agent-config.ts';
import type { NumberCarrier } from '../business/line/numbers/number-carrier.ts';
import type { Embedder } from '../business/knowledge/embedder.ts';
import type { SpeechToText } from '../call/listening/speech-to-text.ts';
import type { TextToSpeech } from '../call/reply/text-to-speech.ts';
import type { Voice } from '../call/reply/voice-line.ts';
import type { Carrier } from '../call/transport/carrier.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { Config } from './config.ts';
import type { Logger } from 'pino';
import { createAuraTextToSpeech } from '../vendors/deepgram/aura.ts';
import { createFluxSpeechToText } from '../vendors/deepgram/flux.ts';
import { createNovaSpeechToText } from '../vendors/deepgram/nova.ts';
import { createElevenLabsTextToSpeech } from '../vendors/elevenlabs/text-to-speech.ts';
import { createOpenAiEmbedder } from '../vendors/openai/embeddings.ts';
import { createOpenAiLanguageModel } from '../vendors/openai/language-model.ts';
import { createTwilioNumbers } from '../vendors/twilio/numbers.ts';
import { createTwilioCalls } from '../vendors/twilio/rest.ts';

type SpeechToTextProvider = AgentConfig['speechToText']['provider'];
type VoiceProvider = AgentConfig['voice']['provider'];

/** The outside world behind our contracts; the only place that knows which vendor fulfils which. */
export interface Vendors {
  readonly speechToText: Readonly<Record<SpeechToTextProvider, SpeechToText>>;
  readonly textToSpeech: Readonly<Record<VoiceProvider, TextToSpeech>>;
  readonly model: LanguageModel;
  readonly embedder: Embedder;
  readonly carrier: Carrier;
  readonly numberCarrier: NumberCarrier;
  /** Loads what is loaded lazily, before the first call pays for it. */
  warm(): Promise<void>;
}

export function connectVendors(config: Config, clock: Clock, logger: Logger): Vendors {
  const deepgram = { ...config.vendors.deepgram, clock, logger };
  const model = createOpenAiLanguageModel({ ...config.vendors.openai, clock, logger });
  const account = {
    accountSid: config.vendors.twilio.accountSid,
    authToken: config.vendors.twilio.authTokens[0] ?? '',
    baseUrl: config.vendors.twilio.baseUrl,
  };
  const twilio = createTwilioCalls(account);
  return {
    speechToText: {
      'deepgram-flux': createFluxSpeechToText(deepgram),
      'deepgram-nova': createNovaSpeechToText(deepgram),
    },
    textToSpeech: {
      elevenlabs: createElevenLabsTextToSpeech({ ...config.vendors.elevenlabs, clock, logger }),
      deepgram: createAuraTextToSpeech(deepgram),
    },
    model,
    embedder: createOpenAiEmbedder({ ...config.vendors.openai, clock, logger }),
    carrier: {
      hangUp: (callSid) => twilio.completeCall(callSid),
      isLive: async (callSid) => (await twilio.findCallStatus(callSid)) === 'in-progress',
    },
    numberCarrier: createTwilioNumbers(account),
    async warm() {
      await Promise.all([model.warm(), twilio.warm()]);
    },
  };
}

/** The agent's own voice first, then the other vendor's as its stand-in. */
export function voicesOf(agent: AgentConfig, { textToSpeech }: Vendors): readonly Voice[] {
  const { language, voice } = agent;
  const shared = { language, speed: voice.speed };
  const elevenlabs = {
    tts: textToSpeech.elevenlabs,
    options: { ...shared, voiceId: voice.elevenlabsVoiceId },
  };
  const deepgram = { tts: textToSpeech.deepgram, options: { ...shared, voiceId: voice.deepgramVoiceId } };
  return voice.provider === 'elevenlabs' ? [elevenlabs, deepgram] : [deepgram, elevenlabs];
}

/** The recogniser the agent asks for, and the one that takes over. */
export function recognisersOf(
  agent: AgentConfig,
  { speechToText }: Vendors,
): { primary: SpeechToText; fallback: SpeechToText } {
  const { 'deepgram-flux': flux, 'deepgram-nova': nova } = speechToText;
  return agent.speechToText.provider === 'deepgram-flux'
    ? { primary: flux, fallback: nova }
    : { primary: nova, fallback: flux };
}
