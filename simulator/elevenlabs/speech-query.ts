import {
  anyText,
  checkParameters,
  flag,
  numberBetween,
  oneOf,
  type ParameterRules,
} from '../query-parameters.ts';

/** Models of the sockets and of the HTTP stream, with the characters one request may have. */
export const CHARACTER_LIMITS: Readonly<Record<string, number>> = {
  eleven_flash_v2_5: 40_000,
  eleven_flash_v2: 30_000,
  eleven_turbo_v2_5: 40_000,
  eleven_turbo_v2: 30_000,
  eleven_multilingual_v2: 10_000,
};

const DEFAULT_MODEL = 'eleven_multilingual_v2';
const DEFAULT_INACTIVITY_SECONDS = 20;
const OUTPUT_FORMAT = /^(mp3_\d+_\d+|pcm_\d+|ulaw_8000|alaw_8000|opus_48000_\d+)$/;

const SOCKET_RULES: ParameterRules = {
  model_id: { rule: anyText },
  output_format: { rule: (value) => (OUTPUT_FORMAT.test(value) ? undefined : 'is not a known format') },
  auto_mode: { rule: flag },
  inactivity_timeout: { rule: numberBetween(1, 180) },
  sync_alignment: { rule: flag },
  language_code: { rule: (value) => (/^[a-z]{2}$/.test(value) ? undefined : 'must be an ISO 639-1 code') },
  enable_ssml_parsing: { rule: flag },
  enable_logging: { rule: flag },
  apply_text_normalization: { rule: oneOf('auto', 'on', 'off') },
  optimize_streaming_latency: { rule: oneOf('0', '1', '2', '3', '4') },
  seed: { rule: numberBetween(0, 4_294_967_295) },
  authorization: { rule: anyText },
  single_use_token: { rule: anyText },
};

const REQUEST_RULES: ParameterRules = {
  output_format: SOCKET_RULES['output_format']!,
  optimize_streaming_latency: SOCKET_RULES['optimize_streaming_latency']!,
  enable_logging: { rule: flag },
};

export interface SpeechQuery {
  readonly model: string;
  readonly autoMode: boolean;
  readonly syncAlignment: boolean;
  readonly inactivityTimeoutMs: number;
}

export interface Wrong {
  /** The vendor's slug for the error. */
  readonly error: string;
  readonly message: string;
}

/** The query of a socket, or what is wrong with it. */
export function parseSocketQuery(query: URLSearchParams): SpeechQuery | Wrong {
  const wrong = checkParameters(query, SOCKET_RULES) ?? checkFormat(query);
  if (wrong) return { error: 'invalid_parameter', message: wrong };
  const model = query.get('model_id') ?? DEFAULT_MODEL;
  if (!Object.hasOwn(CHARACTER_LIMITS, model))
    return { error: 'unsupported_model', message: `the model '${model}' cannot be used here` };
  return {
    model,
    autoMode: query.get('auto_mode') === 'true',
    syncAlignment: query.get('sync_alignment') === 'true',
    inactivityTimeoutMs: Number(query.get('inactivity_timeout') ?? DEFAULT_INACTIVITY_SECONDS) * 1_000,
  };
}

export function checkRequestQuery(query: URLSearchParams): string | undefined {
  return checkParameters(query, REQUEST_RULES) ?? checkFormat(query);
}

/** The vendor's default is MP3; the simulator supports the telephone's format only. */
function checkFormat(query: URLSearchParams): string | undefined {
  const isTelephone = query.get('output_format') === 'ulaw_8000';
  return isTelephone ? undefined : 'this simulator speaks output_format=ulaw_8000 only';
}
