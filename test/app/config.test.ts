import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig, variablesOf } from '../../src/app/config.ts';
import { ConfigError } from '../../src/platform/process/environment.ts';
import { allVendors } from '../../src/vendors/all-vendors.ts';

const production = {
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://calls.example.com/',
  TWILIO_ACCOUNT_SID: 'AC00000000000000000000000000000001',
  TWILIO_AUTH_TOKEN: 'new, old',
  DEEPGRAM_API_KEY: 'd',
  OPENAI_API_KEY: 'o',
  ELEVENLABS_API_KEY: 'e',
  JWT_SECRET: 'x'.repeat(32),
  ENCRYPTION_KEY: 'ab'.repeat(32),
};

function problemsOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the configuration', () => {
  it('needs nothing on a laptop: everything has a default and every vendor is simulated', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      nodeEnv: 'development',
      host: '127.0.0.1',
      port: 3000,
      publicUrl: 'http://localhost:3000',
      dataDir: './data',
      databaseUrl: undefined,
      redisUrl: undefined,
      simulated: ['twilio', 'deepgram', 'openai', 'elevenlabs'],
      vendors: {
        openai: { baseUrl: 'https://api.openai.com/v1' },
        google: undefined,
        otpiq: undefined,
      },
      limits: {
        maxCalls: 400,
        mediaConnectionsPerAddress: 1000,
        keyRequestsPerMinute: 600,
        drainMs: 3_600_000,
      },
    });
    expect(config.tokenSecret).toHaveLength(64);
    expect(loadConfig({}).tokenSecret).not.toBe(config.tokenSecret);
    expect(loadConfig({ PORT: '8080' }).publicUrl).toBe('http://localhost:8080');
  });

  it('takes a whole production environment', () => {
    expect(loadConfig(production)).toMatchObject({
      host: '0.0.0.0',
      publicUrl: 'https://calls.example.com',
      simulated: [],
      tokenSecret: 'x'.repeat(32),
    });
  });

  it('[F36] reads several Twilio tokens while one replaces the other', () => {
    expect(loadConfig(production).vendors.twilio.authTokens).toEqual(['new', 'old']);
    expect(loadConfig({ TWILIO_AUTH_TOKEN: 'one,, two ,' }).vendors.twilio.authTokens).toEqual([
      'one',
      'two',
    ]);
  });

  it('reads several encryption keys while one replaces the other, hexadecimal or base64', () => {
    const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const config = loadConfig({ ENCRYPTION_KEY: `${a.toString('hex')}, ${b.toString('base64')}` });
    expect(config.encryptionKeys).toEqual([a, b]);
  });

  it('names everything that production misses, with its remedy, at once', () => {
    const message = problemsOf({ NODE_ENV: 'production', JWT_SECRET: 'short' });
    const named = [...message.matchAll(/- ([A-Z_]+) .{10}/g)].map(([, name]) => name ?? '');
    expect(['NODE_ENV', ...named].toSorted()).toEqual(Object.keys(production).toSorted());
  });

  it('names malformed and missing values in one message', () => {
    const message = problemsOf({ ...production, PORT: 'http', PUBLIC_URL: '', DATABASE_URL: 'mysql://x' });
    expect(message).toMatch(/PORT must be a whole number/);
    expect(message).toMatch(/PUBLIC_URL is missing/);
    expect(message).toMatch(/DATABASE_URL must be an address such as postgres:/);
  });

  it.each([
    ['PUBLIC_URL', 'https://example.com/?a=1', /query/],
    ['PUBLIC_URL', 'example.com', /http/],
    ['PORT', '70000', /at most 65535/],
    ['PORT', '1.5', /whole number/],
    ['LOG_LEVEL', 'loud', /LOG_LEVEL/],
    ['NODE_ENV', 'staging', /NODE_ENV/],
    ['REDIS_URL', 'http://x', /redis:/],
    ['TWILIO_ACCOUNT_SID', 'SK1', /start with AC/],
    ['TWILIO_AUTH_TOKEN', ' , ', /at least one token/],
    ['MAX_CALLS', '0', /at least 1/],
    ['DEEPGRAM_BASE_URL', 'wss://x', /DEEPGRAM_BASE_URL/],
    ['ENCRYPTION_KEY', 'short', /64 hexadecimal digits/],
    ['CORS_ORIGINS', 'https://app.example.com/', /without a slash/],
    ['TRUSTED_PROXIES', '10.0.0.0/64', /networks/],
  ])('refuses %s=%s', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toMatch(problem);
  });

  it('never repeats a value in its complaint, which may be a secret put in the wrong place', () => {
    expect(problemsOf({ TWILIO_ACCOUNT_SID: 'hunter2-secret' })).not.toContain('hunter2-secret');
  });

  it('takes the address of OpenAI with or without its version', () => {
    for (const given of [
      'http://127.0.0.1:9',
      'http://127.0.0.1:9/',
      'http://127.0.0.1:9/v1',
      'http://127.0.0.1:9/v1/',
    ]) {
      expect(loadConfig({ OPENAI_BASE_URL: given }).vendors.openai.baseUrl).toBe('http://127.0.0.1:9/v1');
    }
  });

  it("leaves a vendor to somebody else's stand-in when its address was moved", () => {
    const config = loadConfig({ DEEPGRAM_BASE_URL: 'http://127.0.0.1:9', TWILIO_AUTH_TOKEN: 't' });
    expect(config.simulated).toEqual(['openai', 'elevenlabs']);
    expect(config.vendors.deepgram.apiKey).not.toBe('');
  });

  it('takes an empty value for one that is not set', () => {
    expect(loadConfig({ DATABASE_URL: '', PORT: ' ', OPENAI_API_KEY: '' })).toEqual({
      ...loadConfig({}),
      tokenSecret: expect.any(String),
    });
  });

  it('is described in .env.example, variable by variable', () => {
    const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8');
    const described = text.split('\n').flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
    expect(described.toSorted()).toEqual(Object.keys(variablesOf(allVendors)).toSorted());
    expect(loadConfig(Object.fromEntries(described.map((name) => [name, ''])))).toMatchObject({ port: 3000 });
  });
});
