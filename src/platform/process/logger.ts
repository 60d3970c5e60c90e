import { type DestinationStream, type Logger, pino } from 'pino';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export interface LoggerOptions {
  readonly logLevel: (typeof logLevels)[number];
}

const secrets = [
  'authorization',
  'password',
  'secret',
  'token',
  'apiKey',
  'authToken',
  'authTokens',
  'cookie',
];

// E.164, also with its plus escaped in a URL.
const phoneNumber = /(\+|%2[Bb])(\d{4})\d{3,9}(\d{2})(?!\d)/g;

/**
 * Logs JSON lines. Secrets are redacted by property name, and phone numbers anywhere in a line are masked, also inside
 * errors and URLs, so that no caller has to remember it.
 */
export function createLogger(config: LoggerOptions, destination?: DestinationStream): Logger {
  const options = {
    level: config.logLevel,
    base: {},
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: [...secrets, ...secrets.map((name) => `*.${name}`), 'req.headers', 'headers'],
      censor: '[removed]',
    },
    serializers: { err: pino.stdSerializers.err, error: pino.stdSerializers.err },
    hooks: { streamWrite: (line: string) => line.replace(phoneNumber, '$1$2…$3') },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
