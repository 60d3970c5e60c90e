import {
  anyText,
  checkParameters,
  flag,
  numberBetween,
  oneOf,
  type ParameterRules,
} from '../query-parameters.ts';
import { checkTelephoneAudio } from './telephone-audio.ts';

const milliseconds = numberBetween(1, 60_000);

const RULES: ParameterRules = {
  model: {
    rule: (value) =>
      /^(nova|enhanced|base)(-[a-z0-9-]+)?$/.test(value) ? undefined : 'is not a known model',
  },
  encoding: {
    rule: oneOf(
      'linear16',
      'linear32',
      'flac',
      'mulaw',
      'alaw',
      'amr-nb',
      'amr-wb',
      'opus',
      'ogg-opus',
      'speex',
      'g729',
    ),
  },
  sample_rate: { rule: numberBetween(8_000, 48_000) },
  channels: { rule: oneOf('1') },
  multichannel: { rule: oneOf('false') },
  language: {
    rule: (value) => (/^(multi|[a-z]{2}(-[A-Za-z0-9]{2,4})?)$/.test(value) ? undefined : 'is not a language'),
  },
  interim_results: { rule: flag },
  endpointing: { rule: (value) => (value === 'false' || value === 'true' ? undefined : milliseconds(value)) },
  utterance_end_ms: { rule: milliseconds },
  vad_events: { rule: flag },
  smart_format: { rule: flag },
  punctuate: { rule: flag },
  numerals: { rule: flag },
  dictation: { rule: flag },
  profanity_filter: { rule: flag },
  keyterm: { rule: anyText, repeatable: true },
  keywords: { rule: anyText, repeatable: true },
  diarize: { rule: flag },
  diarize_model: { rule: oneOf('latest', 'v1') },
  redact: { rule: oneOf('true', 'pci', 'numbers', 'aggressive_numbers', 'ssn'), repeatable: true },
  filler_words: { rule: flag },
  replace: { rule: anyText, repeatable: true },
  search: { rule: anyText, repeatable: true },
  tag: { rule: anyText, repeatable: true },
  extra: { rule: anyText, repeatable: true },
  mip_opt_out: { rule: flag },
  detect_entities: { rule: flag },
  version: { rule: anyText },
  callback: { rule: anyText },
  callback_method: { rule: oneOf('POST', 'PUT') },
};

const DEFAULT_ENDPOINTING_MS = 10;
const MAX_KEYTERMS = 100;

/** What is wrong with the query of a `/v1/listen` upgrade, or undefined. */
export function checkNovaQuery(query: URLSearchParams): string | undefined {
  const wrong = checkParameters(query, RULES);
  if (wrong) return wrong;
  const model = query.get('model');
  if (model === null) return "'model' is required";
  const isNova3 = model.startsWith('nova-3');
  if (query.has('keyterm') && !isNova3) return "'keyterm' is only accepted with nova-3";
  if (query.has('keywords') && isNova3) return "'keywords' is not accepted with nova-3: use 'keyterm'";
  if (query.getAll('keyterm').length > MAX_KEYTERMS) return `more than ${MAX_KEYTERMS} values of 'keyterm'`;
  if (query.has('utterance_end_ms') && query.get('interim_results') !== 'true')
    return "'utterance_end_ms' requires interim_results=true";
  return checkTelephoneAudio(query);
}

export interface NovaSettings {
  readonly interimResults: boolean;
  /** Undefined: no endpoint is ever detected. */
  readonly endpointingMs: number | undefined;
  readonly utteranceEndMs: number | undefined;
  readonly vadEvents: boolean;
}

export function novaSettingsOf(query: URLSearchParams): NovaSettings {
  const endpointing = query.get('endpointing') ?? 'true';
  const utteranceEnd = query.get('utterance_end_ms');
  return {
    interimResults: query.get('interim_results') === 'true',
    endpointingMs:
      endpointing === 'false'
        ? undefined
        : endpointing === 'true'
          ? DEFAULT_ENDPOINTING_MS
          : Number(endpointing),
    utteranceEndMs: utteranceEnd === null ? undefined : Number(utteranceEnd),
    vadEvents: query.get('vad_events') === 'true',
  };
}
