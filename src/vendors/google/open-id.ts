import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import * as z from 'zod';
import type {
  AuthorizationAnswer,
  IdentityProvider,
  ProvidedIdentity,
} from '../../business/identity/auth/auth.ts';
import type { Clock } from '../../platform/process/clock.ts';
import { VendorError } from '../../platform/process/errors.ts';
import { isRetryableStatus } from '../vendor-socket.ts';
import { checkIdToken, type IdTokenClaims } from './id-token.ts';

export interface GoogleOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The issuer's address. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/** Short, because a person waits at a sign-in page; Google answers within some hundred milliseconds. */
const REQUEST_TIMEOUT_MS = 5_000;
/** Google allows caching of its keys for about six hours and of its configuration for a day; this is below both. */
const CACHED_MS = 3_600_000;
/** Minimum interval between requests for unknown keys, so that forged tokens cannot cause a flood of them. */
const KEY_COOLDOWN_MS = 60_000;

const configurationSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});
const tokenSchema = z.object({ id_token: z.string() });

type Configuration = z.infer<typeof configurationSchema>;

interface Discovered {
  readonly configuration: Configuration;
  readonly findKey: JWTVerifyGetKey;
  readonly atMs: number;
}

/** Google as an OpenID Connect provider. Everything but the issuer's address comes from its discovery document. */
export function createGoogleIdentityProvider(options: GoogleOptions): IdentityProvider {
  return new GoogleIdentityProvider(options);
}

class GoogleIdentityProvider implements IdentityProvider {
  readonly #options: GoogleOptions;
  #cached: Discovered | undefined;

  constructor(options: GoogleOptions) {
    this.#options = options;
  }

  async authorizationUrl(request: Parameters<IdentityProvider['authorizationUrl']>[0]): Promise<string> {
    const { authorization_endpoint: endpoint } = (await this.#discovered()).configuration;
    const url = new URL(endpoint);
    const query = {
      client_id: this.#options.clientId,
      redirect_uri: request.redirectUri,
      response_type: 'code',
      scope: 'openid email profile',
      state: request.state,
      nonce: request.nonce,
      code_challenge: request.codeChallenge,
      code_challenge_method: 'S256',
      prompt: 'select_account',
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  }

  async identify(answer: AuthorizationAnswer): Promise<ProvidedIdentity | undefined> {
    const token = await this.#exchange(answer);
    if (token === undefined) return undefined;
    const claims = await this.#check(token, answer.nonce);
    if (claims?.email === undefined) return undefined;
    const { sub, email, email_verified: isEmailVerified = false, name = '' } = claims;
    return { subject: sub, email, isEmailVerified, name };
  }

  async #check(token: string, nonce: string): Promise<IdTokenClaims | undefined> {
    const { configuration, findKey } = await this.#discovered();
    const { clientId, clock, logger } = this.#options;
    try {
      const expected = { issuer: configuration.issuer, clientId, nonce, now: clock.date() };
      return await checkIdToken(token, findKey, expected);
    } catch (error) {
      if (isInvalidKeySet(error)) throw invalid('its keys cannot be read');
      if (!(error instanceof errors.JOSEError)) throw error;
      logger.warn({ why: error.message }, 'Google id token rejected');
      return undefined;
    }
  }

  /** Undefined if Google rejects the code. */
  async #exchange(answer: AuthorizationAnswer): Promise<string | undefined> {
    const { clientId, clientSecret } = this.#options;
    const { token_endpoint: endpoint } = (await this.#discovered()).configuration;
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code: answer.code,
      code_verifier: answer.codeVerifier,
      redirect_uri: answer.redirectUri,
      client_id: clientId,
      client_secret: clientSecret,
    });
    const response = await this.#fetch(endpoint, { method: 'POST', body });
    if (response.status === 400) return undefined;
    return (await parsed(response, tokenSchema)).id_token;
  }

  async #discovered(): Promise<Discovered> {
    const cached = this.#cached;
    const { baseUrl, clock } = this.#options;
    if (cached !== undefined && clock.nowMs() - cached.atMs < CACHED_MS) return cached;
    const response = await this.#fetch(`${baseUrl}/.well-known/openid-configuration`);
    const configuration = await parsed(response, configurationSchema);
    // Otherwise tokens of another issuer, which serves this document, would be accepted.
    if (configuration.issuer !== baseUrl) throw invalid(`it calls itself ${configuration.issuer}`);
    const findKey = createRemoteJWKSet(new URL(configuration.jwks_uri), {
      cacheMaxAge: CACHED_MS,
      cooldownDuration: KEY_COOLDOWN_MS,
      timeoutDuration: REQUEST_TIMEOUT_MS,
      [customFetch]: async (url, init) => succeeded(await this.#fetch(url, init)),
    });
    this.#cached = { configuration, findKey, atMs: clock.nowMs() };
    return this.#cached;
  }

  async #fetch(url: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(url, {
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
        ...init,
      });
    } catch (error) {
      throw new VendorError('google', 'could not be reached', {
        isRetryable: true,
        code: 'network',
        cause: error,
      });
    }
  }
}

async function parsed<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> {
  const body: unknown = await succeeded(response)
    .json()
    .catch(() => undefined);
  const result = schema.safeParse(body);
  if (!result.success) throw invalid('it is not what was expected');
  return result.data;
}

function succeeded(response: Response): Response {
  if (response.ok) return response;
  throw new VendorError('google', `answered ${response.status}`, {
    isRetryable: isRetryableStatus(response.status),
    code: String(response.status),
  });
}

/** The errors that jose throws for an invalid key set; for tokens it throws others. */
function isInvalidKeySet(error: unknown): boolean {
  return (
    error instanceof errors.JWKSInvalid ||
    (error instanceof errors.JOSEError && error.code === errors.JOSEError.code)
  );
}

function invalid(why: string): VendorError {
  return new VendorError('google', `answered in a form we do not know: ${why}`, {
    isRetryable: false,
    code: 'invalid-answer',
  });
}
