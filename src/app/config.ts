import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import { isNetwork } from '../platform/http/networks.ts';
import {
  addressOf,
  commaList,
  type Environment,
  httpUrl,
  readEnvironment,
  type ValuesOf,
  type Variables,
  wholeNumber,
} from '../platform/process/environment.ts';
import { logLevels } from '../platform/process/logger.ts';
import { allVendors, type SettingsOf, type Vendor, type VendorSettings } from '../vendors/vendors.ts';

const keyForm = /^(?:[0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i;

/** Decodes hexadecimal (64 digits, the output of `openssl rand -hex 32`) or base64. */
function keyFrom(text: string): Buffer {
  return Buffer.from(text, text.length === 64 ? 'hex' : 'base64');
}

/**
 * What a process does: `web` serves the API and the console, `media` answers calls (the carrier's webhooks and media
 * sockets), `worker` runs jobs. Without `ROLES`, a process has all three.
 */
const roles = ['web', 'media', 'worker'] as const;

export type Role = (typeof roles)[number];

/** The server's own variables; each vendor declares its own. */
const ownVariables = {
  NODE_ENV: { schema: z.enum(['development', 'production', 'test']).default('development') },
  HOST: { schema: z.string().optional() },
  PORT: { schema: wholeNumber(0, 65_535).default(3000) },
  PUBLIC_URL: {
    schema: httpUrl.optional(),
    remedy: 'the https:// address under which Twilio reaches this server',
  },
  ROLES: {
    schema: commaList.pipe(z.array(z.enum(roles, `must hold some of ${roles.join(', ')}`)).min(1)).optional(),
  },
  LOG_LEVEL: { schema: z.enum(logLevels).default('info') },
  DATA_DIR: { schema: z.string().default('./data') },
  DATABASE_URL: {
    schema: addressOf(/^postgres(ql)?$/, 'postgres://user:password@host:5432/parley').optional(),
  },
  REDIS_URL: { schema: addressOf(/^rediss?$/, 'redis://host:6379').optional() },
  JWT_SECRET: {
    schema: z.string().optional(),
    remedy: 'make one with: openssl rand -hex 32',
    productionSchema: z
      .string()
      .min(32, 'must have at least 32 characters; make one with: openssl rand -hex 32'),
  },
  ENCRYPTION_KEY: {
    schema: commaList
      .refine(
        (keys) => keys.length > 0 && keys.every((key) => keyForm.test(key)),
        'must be 64 hexadecimal digits; make one with: openssl rand -hex 32',
      )
      .transform((keys) => keys.map(keyFrom))
      .optional(),
    remedy: 'make one with: openssl rand -hex 32, and keep it as safe as the database',
  },
  CORS_ORIGINS: {
    schema: commaList
      .refine(
        (origins) => origins.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
        'must hold origins such as https://app.example.com, without a slash at the end',
      )
      .optional(),
  },
  TRUSTED_PROXIES: {
    schema: commaList
      .refine((proxies) => proxies.every(isNetwork), 'must hold addresses or networks such as 10.0.0.0/8')
      .optional(),
  },
  MAX_CALLS: { schema: wholeNumber(1, 10_000).default(400) },
  MEDIA_CONNECTIONS_PER_ADDRESS: { schema: wholeNumber(1, 100_000).default(1000) },
  API_KEY_REQUESTS_PER_MINUTE: { schema: wholeNumber(1, 10_000_000).default(600) },
  DRAIN_MS: { schema: wholeNumber(0, 24 * 3_600_000).default(3_600_000) },
} satisfies Variables;

/** The environment, read and checked once. Nothing else in the server looks at `process.env`. */
export interface Config {
  readonly nodeEnv: 'development' | 'production' | 'test';
  readonly roles: readonly Role[];
  readonly host: string;
  readonly port: number;
  /** The URL under which the carrier calls and signs webhooks; without a slash at the end. */
  readonly publicUrl: string;
  readonly logLevel: (typeof logLevels)[number];
  readonly dataDir: string;
  /** Undefined means the embedded database in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** Undefined means that the queue of jobs is in the database. */
  readonly redisUrl: string | undefined;
  /** Settings by name of vendor; undefined for an optional vendor without its variables. */
  readonly vendors: SettingsOf<typeof allVendors>;
  /** Names of the vendors that have no key and are simulated. Always empty in production. */
  readonly simulated: readonly string[];
  /** Signs stream tokens and sessions. */
  readonly tokenSecret: string;
  /**
   * 32 bytes each; the first encrypts, each of them decrypts. When empty, in development, a key is made in `dataDir`.
   */
  readonly encryptionKeys: readonly Buffer[];
  /** Pages of these origins may call the API from a browser. */
  readonly corsOrigins: readonly string[];
  /** Addresses and networks of proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  readonly limits: {
    readonly maxCalls: number;
    readonly mediaConnectionsPerAddress: number;
    /** Requests one API key may send in a minute. */
    readonly keyRequestsPerMinute: number;
    /** How long live calls may go on after SIGTERM. */
    readonly drainMs: number;
  };
}

/** Every variable that the server and these vendors read. */
export function variablesOf(vendors: readonly Vendor[]): Variables {
  return Object.assign({}, ownVariables, ...vendors.map(({ environment }) => environment)) as Variables;
}

/** Reads the environment; throws a `ConfigError` that lists every mistake with its remedy. */
export function loadConfig(environment: Environment, vendors: readonly Vendor[] = allVendors): Config {
  const values = readEnvironment(variablesOf(vendors), environment, {
    isProduction: environment['NODE_ENV'] === 'production',
  });
  return {
    ...ownConfig(values as ValuesOf<typeof ownVariables>),
    vendors: Object.fromEntries(
      vendors.map((vendor): [string, VendorSettings | undefined] => [vendor.name, vendor.settings(values)]),
    ) as SettingsOf<typeof allVendors>,
    simulated: vendors
      .filter(({ simulated }) => simulated?.when === 'not-set-up' && !simulated.isSetUp(values))
      .map(({ name }) => name),
  };
}

function ownConfig(values: ValuesOf<typeof ownVariables>): Omit<Config, 'vendors' | 'simulated'> {
  return {
    nodeEnv: values.NODE_ENV,
    roles: values.ROLES ?? roles,
    host: values.HOST ?? (values.NODE_ENV === 'production' ? '0.0.0.0' : '127.0.0.1'),
    port: values.PORT,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    logLevel: values.LOG_LEVEL,
    dataDir: values.DATA_DIR,
    databaseUrl: values.DATABASE_URL,
    redisUrl: values.REDIS_URL,
    tokenSecret: values.JWT_SECRET ?? randomBytes(32).toString('hex'),
    encryptionKeys: values.ENCRYPTION_KEY ?? [],
    corsOrigins: values.CORS_ORIGINS ?? [],
    trustedProxies: values.TRUSTED_PROXIES ?? [],
    limits: {
      maxCalls: values.MAX_CALLS,
      mediaConnectionsPerAddress: values.MEDIA_CONNECTIONS_PER_ADDRESS,
      keyRequestsPerMinute: values.API_KEY_REQUESTS_PER_MINUTE,
      drainMs: values.DRAIN_MS,
    },
  };
}
