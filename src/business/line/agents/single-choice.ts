import { z } from 'zod';
import {
  type AgentConfig,
  agentConfigSchema,
  defaultRecognisers,
  defaultVoices,
  type RecogniserChoice,
  type VoiceChoice,
} from './agent-config.ts';

/**
 * Agents used to name one recogniser and one voice (`speechToText.provider`, `voice.provider`, and the id of a voice
 * by its vendor, such as `voice.deepgramVoiceId`) instead of ordered lists. Versions of that form are stored
 * unchanged, and /v1 still accepts and answers these fields; where both are given, the lists take precedence.
 */
export interface SingleChoice {
  readonly speechToText: AgentConfig['speechToText'] & { readonly provider: string };
  readonly voice: AgentConfig['voice'] & { readonly provider: string } & Readonly<
      Record<`${string}VoiceId`, string>
    >;
}

/** Reads a configuration that was stored or sent in either form. */
export const storedConfigSchema = z.preprocess(withLists, agentConfigSchema);

/** Adds the lists: the defaults, with what the fields of a single choice name at their head. */
export function withLists(config: unknown): unknown {
  if (!isObject(config)) return config;
  return {
    recognisers: chooseRecogniser(defaultRecognisers, config['speechToText']),
    voices: chooseVoice(defaultVoices, config['voice']),
    ...config,
  };
}

/** The lists after a change: those that it names, or those of `config` with its single choices applied. */
export function listsAfter(
  config: Pick<AgentConfig, 'recognisers' | 'voices'>,
  change: Readonly<Record<string, unknown>>,
): { readonly recognisers: unknown; readonly voices: unknown } {
  return {
    recognisers: change['recognisers'] ?? chooseRecogniser(config.recognisers, change['speechToText']),
    voices: change['voices'] ?? chooseVoice(config.voices, change['voice']),
  };
}

/** The first of each list, as the fields of a single choice. */
export function singleChoiceOf({ recognisers, voices, speechToText, voice }: AgentConfig): SingleChoice {
  const [recogniser] = recognisers;
  const ids = voices.toReversed().map(({ provider, voiceId }) => [`${provider}VoiceId`, voiceId]);
  return {
    speechToText: {
      provider: recogniser === undefined ? '' : serviceName(recogniser),
      ...speechToText,
    },
    voice: { provider: voices[0]?.provider ?? '', ...voice, ...Object.fromEntries(ids) },
  };
}

/** Such as `deepgram-flux`. Names of vendors have no hyphen; those of models may have some. */
function serviceName({ provider, model }: RecogniserChoice): string {
  return model === undefined ? provider : `${provider}-${model}`;
}

function chooseRecogniser(
  recognisers: readonly RecogniserChoice[],
  speechToText: unknown,
): readonly RecogniserChoice[] {
  const name = isObject(speechToText) ? speechToText['provider'] : undefined;
  if (typeof name !== 'string') return recognisers;
  const [provider = '', ...model] = name.split('-');
  const chosen = { provider, ...(model.length === 0 ? {} : { model: model.join('-') }) };
  return [chosen, ...recognisers.filter((other) => serviceName(other) !== name)];
}

function chooseVoice(voices: readonly VoiceChoice[], voice: unknown): readonly VoiceChoice[] {
  if (!isObject(voice)) return voices;
  const ids = new Map(
    Object.entries(voice).flatMap(([name, value]) => {
      const provider = /^(\w+)VoiceId$/.exec(name)?.[1];
      return provider === undefined || typeof value !== 'string' ? [] : [[provider, value] as const];
    }),
  );
  const named = voices.map((one) => ({ ...one, voiceId: ids.get(one.provider) ?? one.voiceId }));
  const isListed = (provider: string): boolean => voices.some((one) => one.provider === provider);
  const added = [...ids].flatMap(([provider, voiceId]) => (isListed(provider) ? [] : { provider, voiceId }));
  return preferred([...named, ...added], voice['provider']);
}

/** Puts the voice of that vendor first, or its default voice where the list has none of it. */
function preferred(voices: readonly VoiceChoice[], provider: unknown): readonly VoiceChoice[] {
  if (typeof provider !== 'string') return voices;
  const known = [...voices, ...defaultVoices].find((one) => one.provider === provider);
  return known === undefined ? voices : [known, ...voices.filter((one) => one !== known)];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
