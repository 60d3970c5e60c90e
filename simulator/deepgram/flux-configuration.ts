import { isObject } from '../vendor-server.ts';
import type { FluxThresholds } from './flux-turns.ts';
import {
  anyText,
  checkParameters,
  flag,
  numberBetween,
  oneOf,
  type ParameterRules,
} from '../query-parameters.ts';
import { checkTelephoneAudio } from './telephone-audio.ts';

const MAX_KEYTERMS = 100;

const RULES: ParameterRules = {
  model: { rule: oneOf('flux-general-en', 'flux-general-multi') },
  encoding: { rule: oneOf('linear16', 'linear32', 'mulaw', 'alaw', 'opus', 'ogg-opus') },
  sample_rate: { rule: oneOf('8000', '16000', '24000', '44100', '48000') },
  eot_threshold: { rule: numberBetween(0.5, 1) },
  eager_eot_threshold: { rule: numberBetween(0.3, 0.9) },
  eot_timeout_ms: { rule: numberBetween(500, 60_000) },
  keyterm: { rule: anyText, repeatable: true },
  language_hint: { rule: anyText, repeatable: true },
  profanity_filter: { rule: flag },
  numerals: { rule: flag },
  redact: { rule: oneOf('numbers', 'aggressive_numbers'), repeatable: true },
  tag: { rule: anyText, repeatable: true },
  mip_opt_out: { rule: flag },
};

/** What is wrong with the query of a `/v2/listen` upgrade, or undefined. */
export function checkFluxQuery(query: URLSearchParams): string | undefined {
  const wrong = checkParameters(query, RULES);
  if (wrong) return wrong;
  if (!query.has('model')) return "'model' is required";
  if (query.has('language_hint') && query.get('model') !== 'flux-general-multi')
    return "'language_hint' is only accepted with flux-general-multi";
  if (query.getAll('keyterm').length > MAX_KEYTERMS) return `more than ${MAX_KEYTERMS} values of 'keyterm'`;
  return checkEager(thresholdsOf(query)) ?? checkTelephoneAudio(query);
}

export function thresholdsOf(query: URLSearchParams): FluxThresholds {
  const eager = query.get('eager_eot_threshold');
  return {
    endOfTurn: Number(query.get('eot_threshold') ?? 0.7),
    eager: eager === null ? undefined : Number(eager),
    timeoutMs: Number(query.get('eot_timeout_ms') ?? 5_000),
  };
}

export interface FluxConfiguration {
  readonly thresholds: FluxThresholds;
  readonly keyterms: readonly string[];
  readonly languageHints: readonly string[];
}

/** The configuration after a `Configure` message, or what is wrong with the message. */
export function configured(
  current: FluxConfiguration,
  message: Readonly<Record<string, unknown>>,
  isMultilingual: boolean,
): FluxConfiguration | string {
  const allowed = ['type', 'thresholds', 'keyterms', 'language_hints', 'numerals'];
  const unknown = Object.keys(message).find((key) => !allowed.includes(key));
  if (unknown) return `unknown field '${unknown}'`;
  const {
    thresholds = {},
    keyterms = current.keyterms,
    language_hints: hints = current.languageHints,
  } = message;
  if (!isObject(thresholds)) return "'thresholds' must be an object";
  const next = changedThresholds(current.thresholds, thresholds);
  if (typeof next === 'string') return next;
  if (!isTextList(keyterms) || keyterms.length > MAX_KEYTERMS)
    return "'keyterms' must be a list of at most 100 terms";
  if (!isTextList(hints)) return "'language_hints' must be a list of languages";
  if (hints.length > 0 && !isMultilingual) return "'language_hints' is only accepted with flux-general-multi";
  return { thresholds: next, keyterms, languageHints: hints };
}

function changedThresholds(
  current: FluxThresholds,
  change: Readonly<Record<string, unknown>>,
): FluxThresholds | string {
  const names = ['eot_threshold', 'eager_eot_threshold', 'eot_timeout_ms'];
  for (const [name, value] of Object.entries(change)) {
    if (!names.includes(name)) return `unknown threshold '${name}'`;
    const wrong = typeof value === 'number' ? RULES[name]!.rule(String(value)) : 'must be a number';
    if (wrong) return `'${name}' ${wrong}`;
  }
  const number = (name: string) => change[name] as number | undefined;
  const next = {
    endOfTurn: number('eot_threshold') ?? current.endOfTurn,
    eager: number('eager_eot_threshold') ?? current.eager,
    timeoutMs: number('eot_timeout_ms') ?? current.timeoutMs,
  };
  return checkEager(next) ?? next;
}

function checkEager({ eager, endOfTurn }: FluxThresholds): string | undefined {
  const isAbove = eager !== undefined && eager > endOfTurn;
  return isAbove ? "'eager_eot_threshold' must not be above 'eot_threshold'" : undefined;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string' && item !== '');
}
