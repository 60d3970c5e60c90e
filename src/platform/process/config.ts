import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { VendorName } from './errors.ts';
import { isNetwork } from '../http/networks.ts';

/** The environment, read and checked once. Nothing else in the server looks at `process.env`. */
export interface Config {
  readonly nodeEnv: 'development' | 'production' | 'test';
  readonly host: string;
  readonly port: number;
  /** What the carrier sees, and signs; no slash at the end. */
  readonly publicUrl: string;
  readonly logLevel: LogLevel;
  readonly dataDir: string;
  /** Undefined means the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Undefined means jobs wait in the database. */
  readonly redisUrl: string | undefined;
  readonly twilio: {
    readonly accountSid: string;
    /** The first signs; each of them is accepted, so that a token can be replaced while calls go on. */
    readonly authTokens: readonly string[];
    readonly baseUrl: string;
    /** E.164: sends the codes of the platform itself; undefined sends none. */
    readonly messagesFrom: string | undefined;
  };
  readonly deepgram: VendorConfig;
  readonly openai: VendorConfig;
  readonly elevenlabs: VendorConfig;
  /** Sign-in with Google; undefined where it is not offered. */
  readonly google: GoogleConfig | undefined;
  /** Sends text messages and WhatsApp in Iraq; undefined where there is no account. */
  readonly otpiq: VendorConfig | undefined;
  /** Vendors without a key, played by the simulator. Always empty in production. */
  readonly simulated: readonly VendorName[];
  /** Signs stream tokens and sessions. */
  readonly tokenSecret: string;
  /** 32 bytes each; the first encrypts, each of them decrypts. Empty in development: one is made in `dataDir`. */
  readonly encryptionKeys: readonly Buffer[];
  /** Pages of these origins may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  /** Addresses and networks whose word on the client's address (`X-Forwarded-For`) is taken. */
  readonly trustedProxies: readonly string[];
  readonly limits: {
    readonly maxCalls: number;
    readonly mediaConnectionsPerAddress: number;
    /** Requests one API key may send in a minute. */
    readonly keyRequestsPerMinute: number;
    /** How long live calls may go on after the signal to stop. */
    readonly drainMs: number;
  };
}

export interface VendorConfig {
  readonly apiKey: string;
  readonly baseUrl: string;
}

export interface GoogleConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The issuer: what it serves and where is found from there. */
  readonly baseUrl: string;
}

export type LogLevel = (typeof logLevels)[number];

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
  .refine((text) => !/[?#]/.test(text), 'must not have a query or a fragment')
  .transform((text) => text.replace(/\/+$/, ''));

const wholeNumber = (from: number, to: number) =>
  z.coerce
    .number({ error: `must be a whole number from ${from} to ${to}` })
    .int(`must be a whole number from ${from} to ${to}`)
    .min(from, `must be at least ${from}`)
    .max(to, `must be at most ${to}`);

const address = (protocol: RegExp, example: string) =>
  z.url({ protocol, error: `must be an address such as ${example}` }).optional();

const commaList = z.string().transform((text) => text.split(',').flatMap((part) => part.trim() || []));

const keyForm = /^(?:[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i;

/** Hexadecimal, as `openssl rand -hex 32` gives it, or base64. */
function keyFrom(text: string): Buffer {
  return Buffer.from(text, text.length === 64 ? 'hex' : 'base64');
}

const environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  HOST: z.string().optional(),
  PORT: wholeNumber(0, 65_535).default(3000),
  PUBLIC_URL: httpUrl.optional(),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  DATA_DIR: z.string().default('./data'),
  DATABASE_URL: address(/^postgres(ql)?$/, 'postgres://user:password@host:5432/parley'),
  REDIS_URL: address(/^rediss?$/, 'redis://host:6379'),
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC\w+$/, 'must start with AC, as the Twilio console shows it')
    .optional(),
  TWILIO_AUTH_TOKEN: z
    .string()
    .transform((text) => text.split(',').flatMap((token) => token.trim() || []))
    .refine((tokens) => tokens.length > 0, 'must hold at least one token')
    .optional(),
  TWILIO_BASE_URL: httpUrl.optional(),
  DEEPGRAM_API_KEY: z.string().optional(),
  DEEPGRAM_BASE_URL: httpUrl.optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl.transform((url) => (url.endsWith('/v1') ? url : `${url}/v1`)).optional(),
  ELEVENLABS_API_KEY: z.string().optional(),
  ELEVENLABS_BASE_URL: httpUrl.optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  GOOGLE_BASE_URL: httpUrl.optional(),
  OTPIQ_API_KEY: z.string().optional(),
  OTPIQ_BASE_URL: httpUrl.optional(),
  TWILIO_MESSAGES_FROM: z
    .string()
    .regex(/^\+[1-9][0-9]{6,14}$/, 'must be a number such as +15005550100')
    .optional(),
  JWT_SECRET: z.string().optional(),
  ENCRYPTION_KEY: commaList
    .refine(
      (keys) => keys.length > 0 && keys.every((key) => keyForm.test(key)),
      'must be 64 hexadecimal digits; make one with: openssl rand -hex 32',
    )
    .transform((keys) => keys.map(keyFrom))
    .optional(),
  CORS_ORIGINS: commaList
    .refine(
      (origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      'must hold origins such as https://app.example.com, without a slash at the end',
    )
    .optional(),
  TRUSTED_PROXIES: commaList
    .refine((proxies) => proxies.every(isNetwork), 'must hold addresses or networks such as 10.0.0.0/8')
    .optional(),
  MAX_CALLS: wholeNumber(1, 10_000).default(400),
  MEDIA_CONNECTIONS_PER_ADDRESS: wholeNumber(1, 100_000).default(1000),
  API_KEY_REQUESTS_PER_MINUTE: wholeNumber(1, 10_000_000).default(600),
  DRAIN_MS: wholeNumber(0, 24 * 3_600_000).default(3_600_000),
});

type Environment = z.infer<typeof environment>;

/** Stands where a stand-in at a moved address asks for a key and will take any. */
const anyKey = 'simulated';
const anyAccountSid = `AC${'0'.repeat(32)}`;

/** Reads the environment; a `ConfigError` names everything that is wrong with it and what to do about each. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const parsed = environment.safeParse(withoutBlanks(env), { reportInput: false });
  // Missing keys are looked for even when something else is malformed: one start tells everything.
  const isProduction = env['NODE_ENV'] === 'production';
  const problems = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`),
    ...(isProduction ? unfitForProduction(env) : []),
  ];
  if (!parsed.success || problems.length > 0) {
    throw new ConfigError(
      `The environment needs attention:\n${problems.map((problem) => `  - ${problem}`).join('\n')}\n` +
        'Every variable is described in .env.example.',
    );
  }
  return toConfig(parsed.data);
}

function toConfig(env: Environment): Config {
  return {
    nodeEnv: env.NODE_ENV,
    host: env.HOST ?? (env.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1'),
    port: env.PORT,
    publicUrl: env.PUBLIC_URL ?? `http://localhost:${env.PORT}`,
    logLevel: env.LOG_LEVEL,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL,
    twilio: {
      accountSid: env.TWILIO_ACCOUNT_SID ?? anyAccountSid,
      authTokens: env.TWILIO_AUTH_TOKEN ?? [anyKey],
      baseUrl: env.TWILIO_BASE_URL ?? 'https://api.twilio.com',
      messagesFrom: env.TWILIO_MESSAGES_FROM,
    },
    deepgram: {
      apiKey: env.DEEPGRAM_API_KEY ?? anyKey,
      baseUrl: env.DEEPGRAM_BASE_URL ?? 'https://api.deepgram.com',
    },
    openai: {
      apiKey: env.OPENAI_API_KEY ?? anyKey,
      baseUrl: env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
    },
    elevenlabs: {
      apiKey: env.ELEVENLABS_API_KEY ?? anyKey,
      baseUrl: env.ELEVENLABS_BASE_URL ?? 'https://api.elevenlabs.io',
    },
    google: googleFrom(env),
    otpiq:
      env.OTPIQ_API_KEY === undefined
        ? undefined
        : { apiKey: env.OTPIQ_API_KEY, baseUrl: env.OTPIQ_BASE_URL ?? 'https://api.otpiq.com/api' },
    simulated: simulatedVendors(env),
    tokenSecret: env.JWT_SECRET ?? randomBytes(32).toString('hex'),
    encryptionKeys: env.ENCRYPTION_KEY ?? [],
    corsOrigins: env.CORS_ORIGINS ?? [],
    trustedProxies: env.TRUSTED_PROXIES ?? [],
    limits: {
      maxCalls: env.MAX_CALLS,
      mediaConnectionsPerAddress: env.MEDIA_CONNECTIONS_PER_ADDRESS,
      keyRequestsPerMinute: env.API_KEY_REQUESTS_PER_MINUTE,
      drainMs: env.DRAIN_MS,
    },
  };
}

function googleFrom(env: Environment): GoogleConfig | undefined {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = env;
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { clientId, clientSecret, baseUrl: env.GOOGLE_BASE_URL ?? 'https://accounts.google.com' };
}

/** A vendor without a key is played by us, unless somebody moved its address: then their stand-in is there. */
function simulatedVendors(env: Environment): VendorName[] {
  const isReal = {
    twilio: env.TWILIO_AUTH_TOKEN ?? env.TWILIO_BASE_URL,
    deepgram: env.DEEPGRAM_API_KEY ?? env.DEEPGRAM_BASE_URL,
    openai: env.OPENAI_API_KEY ?? env.OPENAI_BASE_URL,
    elevenlabs: env.ELEVENLABS_API_KEY ?? env.ELEVENLABS_BASE_URL,
  } satisfies Partial<Record<VendorName, unknown>>;
  return (Object.keys(isReal) as (keyof typeof isReal)[]).filter((vendor) => isReal[vendor] === undefined);
}

function unfitForProduction(env: Record<string, string | undefined>): string[] {
  const required = {
    PUBLIC_URL: 'is missing: the https:// address under which Twilio reaches this server',
    TWILIO_ACCOUNT_SID: 'is missing: find it in the Twilio console under Account',
    TWILIO_AUTH_TOKEN: 'is missing: find it in the Twilio console under Account',
    DEEPGRAM_API_KEY: 'is missing: make a key in the Deepgram console',
    OPENAI_API_KEY: 'is missing: make a key on the OpenAI platform page',
    ELEVENLABS_API_KEY: 'is missing: make a key in the ElevenLabs settings',
    JWT_SECRET: 'is missing: make one with: openssl rand -hex 32',
    ENCRYPTION_KEY: 'is missing: make one with: openssl rand -hex 32, and keep it as safe as the database',
  };
  const missing = Object.entries(required).flatMap(([name, remedy]) =>
    (env[name] ?? '').trim() === '' ? [`${name} ${remedy}`] : [],
  );
  const secretLength = (env['JWT_SECRET'] ?? '').trim().length;
  if (secretLength === 0 || secretLength >= 32) return missing;
  return [...missing, 'JWT_SECRET must have at least 32 characters; make one with: openssl rand -hex 32'];
}

/** `NAME=` in a file means "not set", and a stray space is never meant. */
function withoutBlanks(env: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => {
      const trimmed = value?.trim() ?? '';
      return trimmed === '' ? [] : [[name, trimmed]];
    }),
  );
}
