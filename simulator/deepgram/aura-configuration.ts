import {
  anyText,
  checkParameters,
  flag,
  numberBetween,
  oneOf,
  type ParameterRules,
} from '../query-parameters.ts';

const VOICE: ParameterRules = {
  model: {
    rule: (value) => (/^aura-(2-)?[a-z]+-[a-z]{2}$/.test(value) ? undefined : 'is not a known model'),
  },
  sample_rate: { rule: oneOf('8000', '16000', '24000', '32000', '48000') },
  speed: { rule: numberBetween(0.7, 1.5) },
  mip_opt_out: { rule: flag },
};

const SOCKET_RULES: ParameterRules = {
  ...VOICE,
  encoding: { rule: oneOf('linear16', 'mulaw', 'alaw') },
};

const REQUEST_RULES: ParameterRules = {
  ...VOICE,
  encoding: { rule: oneOf('linear16', 'mulaw', 'alaw', 'mp3', 'opus', 'flac', 'aac') },
  container: { rule: oneOf('none', 'wav', 'ogg') },
  bit_rate: { rule: numberBetween(4_000, 650_000) },
  tag: { rule: anyText, repeatable: true },
  callback: { rule: anyText },
  callback_method: { rule: oneOf('POST', 'PUT') },
};

/** What is wrong with the query of a `/v1/speak` upgrade, or undefined. A container is refused. */
export function checkAuraSocketQuery(query: URLSearchParams): string | undefined {
  return checkParameters(query, SOCKET_RULES) ?? checkSpokenAudio(query);
}

export function checkAuraRequestQuery(query: URLSearchParams): string | undefined {
  return checkParameters(query, REQUEST_RULES) ?? checkSpokenAudio(query);
}

function checkSpokenAudio(query: URLSearchParams): string | undefined {
  const isTelephone = query.get('encoding') === 'mulaw' && (query.get('sample_rate') ?? '8000') === '8000';
  return isTelephone ? undefined : 'this simulator speaks mulaw at 8000 Hz only';
}
