import type { Logger } from 'pino';
import type { LanguageModel } from '../agent/agent.ts';
import { baseLanguage } from '../agent/prompt/prompt.ts';
import { type AgentConfig, findRecogniser } from '../business/line/agents/agents.ts';
import type { IdentityProvider } from '../business/identity/auth/auth.ts';
import { formatMessage } from '../business/identity/notices/notices.ts';
import type { Embedder } from '../business/knowledge/knowledge.ts';
import type { SpeechToText } from '../call/listening/listening.ts';
import type { TextToSpeech, Voice } from '../call/reply/reply.ts';
import type { Clock } from '../platform/process/clock.ts';
import type { CarrierConnection, MessageSender, Vendor, VendorSettings, Warm } from '../vendors/vendors.ts';
import type { Config } from './config.ts';

export interface ConnectedRecogniser {
  readonly provider: string;
  readonly model: string;
  /** Base languages. */
  readonly languages: readonly string[];
  readonly speechToText: SpeechToText;
}

export interface ConnectedSpeaker {
  readonly provider: string;
  /** Voices to use for an agent whose own voices are unavailable. */
  readonly voices: readonly { readonly id: string }[];
  readonly textToSpeech: TextToSpeech;
}

/**
 * The connected vendors by what they fulfil. What is needed once comes from the first vendor of the list that offers
 * it.
 */
export interface Vendors extends Warm {
  readonly recognisers: readonly ConnectedRecogniser[];
  readonly speakers: readonly ConnectedSpeaker[];
  readonly model: LanguageModel;
  readonly embedder: Embedder;
  readonly carrier: CarrierConnection;
  readonly senders: readonly MessageSender[];
  /** Undefined if no identity provider is configured. */
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
    recognisers: connected.flatMap(({ vendor: { name: provider, hears = {} }, settings, context }) =>
      Object.entries(hears).map(([name, { languages, ...offer }]) => ({
        provider,
        model: name,
        languages,
        speechToText: offer.connect(settings, context),
      })),
    ),
    speakers: each(({ vendor: { name: provider, speaks }, settings, context }) =>
      speaks === undefined
        ? undefined
        : { provider, voices: speaks.voices, textToSpeech: speaks.connect(settings, context) },
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
type NonEmpty<Item> = readonly [Item, ...Item[]];

/** The agent's voices in its order; if none of their vendors is connected, one voice of each connected vendor. */
export function voicesOf(agent: AgentConfig, { speakers }: Vendors): NonEmpty<Voice> {
  const options = { language: agent.language, speed: agent.voice.speed };
  const chosen = agent.voices.flatMap(({ provider, voiceId }) => {
    const speaker = speakers.find((one) => one.provider === provider);
    return speaker === undefined ? [] : { tts: speaker.textToSpeech, options: { ...options, voiceId } };
  });
  const any = speakers.flatMap(({ voices: [voice], textToSpeech: tts }) =>
    voice === undefined ? [] : { tts, options: { ...options, voiceId: voice.id } },
  );
  return firstNonEmpty(chosen, any);
}

/**
 * The agent's recognisers in its order; if none of them is connected, all that are. Those without the agent's language
 * come last, because words in the wrong language are worse than a failover.
 */
export function recognisersOf(agent: AgentConfig, { recognisers }: Vendors): NonEmpty<SpeechToText> {
  const chosen = agent.recognisers.flatMap((choice) => findRecogniser(recognisers, choice) ?? []);
  const language = baseLanguage(agent.language);
  const [first, ...rest] = firstNonEmpty(chosen, recognisers).toSorted(
    (one, other) => Number(other.languages.includes(language)) - Number(one.languages.includes(language)),
  );
  return [first!.speechToText, ...rest.map(({ speechToText }) => speechToText)];
}

function firstNonEmpty<Item>(...lists: readonly (readonly Item[])[]): NonEmpty<Item> {
  const [first, ...rest] = lists.find(({ length }) => length > 0) ?? [];
  if (first === undefined) throw new Error('No connected vendor offers this service.');
  return [first, ...rest];
}
