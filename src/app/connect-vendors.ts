import type { Logger } from 'pino';
import type { LanguageModel } from '../agent/language-model.ts';
import type { AgentConfig } from '../business/line/agents/agent-config.ts';
import type { IdentityProvider } from '../business/identity/auth/identity-provider.ts';
import { formatMessage } from '../business/identity/notices/message-text.ts';
import type { Embedder } from '../business/knowledge/embedder.ts';
import type { SpeechToText } from '../call/listening/speech-to-text.ts';
import type { TextToSpeech } from '../call/reply/text-to-speech.ts';
import type { Voice } from '../call/reply/voice-line.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { CarrierConnection, MessageSender, VendorSettings, Warm } from '../vendors/fulfils.ts';
import type { Vendor } from '../vendors/vendor.ts';
import type { Config } from './config.ts';

/** The outside world behind our contracts: each service from the first vendor of the list that offers it. */
export interface Vendors extends Warm {
  /** By their names on record, in the order of the list of vendors. */
  readonly recognisers: ReadonlyMap<string, SpeechToText>;
  /** By the name of their vendor. */
  readonly voices: ReadonlyMap<string, TextToSpeech>;
  readonly model: LanguageModel;
  readonly embedder: Embedder;
  readonly carrier: CarrierConnection;
  readonly senders: readonly MessageSender[];
  /** Undefined where signing in with it is not set up. */
  readonly identityProvider: IdentityProvider | undefined;
}

type VendorsConfig = Pick<Config, 'vendors' | 'simulated' | 'publicUrl' | 'tokenSecret'>;

export function connectVendors(
  list: readonly Vendor[],
  config: VendorsConfig,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): Vendors {
  const accounts: Readonly<Record<string, VendorSettings | undefined>> = config.vendors;
  const { publicUrl, tokenSecret } = config;
  const connected = list.flatMap((vendor) => {
    const settings = accounts[vendor.name];
    const isSimulated = config.simulated.includes(vendor.name);
    const context = { clock, logger, isSimulated, publicUrl, tokenSecret, format: formatMessage };
    return settings === undefined ? [] : [{ vendor, settings, context }];
  });
  const each = <Service>(connect: (one: (typeof connected)[number]) => Service | undefined): Service[] =>
    connected.map(connect).filter((service) => service !== undefined);
  const first = <Service>(what: string, [service]: readonly Service[]): Service => {
    if (service === undefined)
      throw new Error(`None of the vendors ${what}; see src/vendors/all-vendors.ts.`);
    return service;
  };

  const model = first(
    'thinks',
    each(({ vendor, settings, context }) => vendor.thinks?.connect(settings, context)),
  );
  const carrier = first(
    'carries calls',
    each(({ vendor, settings, context }) => vendor.carries?.connect(settings, context)),
  );
  return {
    recognisers: new Map(
      connected.flatMap(({ vendor: { hears = {} }, settings, context }) =>
        Object.values(hears).map((offer) => [offer.service, offer.connect(settings, context)] as const),
      ),
    ),
    voices: new Map(
      each(({ vendor: { name, speaks }, settings, context }) =>
        speaks === undefined ? undefined : ([name, speaks.connect(settings, context)] as const),
      ),
    ),
    model,
    embedder: first(
      'embeds',
      each(({ vendor, settings, context }) => vendor.embeds?.connect(settings, context)),
    ),
    carrier,
    senders: each(({ vendor, settings, context }) => vendor.sends?.connect(settings, context)),
    identityProvider: each(({ vendor, settings, context }) => vendor.signsIn?.connect(settings, context))[0],
    async warm() {
      await Promise.all([model.warm(), carrier.warm()]);
    },
  };
}
/** The agent's own voice first, then the others as its stand-ins. */
export function voicesOf({ language, voice }: AgentConfig, { voices }: Vendors): readonly Voice[] {
  const ids: Readonly<Record<string, string | number>> = voice;
  const others = [...voices.keys()].filter((provider) => provider !== voice.provider);
  return [voice.provider, ...others].flatMap((provider) => {
    const tts = voices.get(provider);
    const voiceId = ids[`${provider}VoiceId`];
    if (tts === undefined || typeof voiceId !== 'string') return [];
    return [{ tts, options: { language, speed: voice.speed, voiceId } }];
  });
}

/** The recogniser the agent asks for, and the one that takes over. */
export function recognisersOf(
  { speechToText }: AgentConfig,
  { recognisers }: Vendors,
): { primary: SpeechToText; fallback: SpeechToText | undefined } {
  const primary = recognisers.get(speechToText.provider)!;
  return { primary, fallback: [...recognisers.values()].find((other) => other !== primary) };
}
