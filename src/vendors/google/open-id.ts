import type { JsonWebKey } from 'node:crypto';
import type { Logger } from 'pino';
import * as z from 'zod';
import type {
  AuthorizationAnswer,
  IdentityProvider,
  ProvidedIdentity,
} from '../../business/identity/auth/identity-provider.ts';
import type { Clock } from '../../platform/process/clock.ts';
import { VendorError } from '../../platform/process/errors.ts';
import { isRetryableStatus } from '../vendor-socket.ts';
import { checkIdToken } from './id-token.ts';

export interface GoogleOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The issuer's address. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
}

/** A person waits at a sign-in page; Google answers within some hundred milliseconds. */
const REQUEST_TIMEOUT_MS = 5_000;
/** Google says about six hours of its keys, and a day of the rest; an hour bounds both. */
const KEPT_MS = 3_600_000;
/** A key we do not know may be new; tokens of strangers must not make us ask for ever. */
const REFETCH_EVERY_MS = 60_000;

const configurationSchema = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
});
const keysSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string(), kid: z.string() })) });
const tokenSchema = z.object({ id_token: z.string() });

type Configuration = z.infer<typeof configurationSchema>;
type Keys = z.infer<typeof keysSchema>['keys'];

interface Kept<Value> {
  readonly value: Value;
  readonly atMs: number;
}

/** Google as a provider of identities. Everything but the issuer's address comes from its discovery document. */
export function createGoogleIdentityProvider(options: GoogleOptions): IdentityProvider {
  return new GoogleIdentityProvider(options);
}

class GoogleIdentityProvider implements IdentityProvider {
  readonly #options: GoogleOptions;
  #configuration: Kept<Configuration> | undefined;
  #keys: Kept<Keys> | undefined;

  constructor(options: GoogleOptions) {
    this.#options = options;
  }

  async authorizationUrl(request: Parameters<IdentityProvider['authorizationUrl']>[0]): Promise<string> {
    const { authorization_endpoint: endpoint } = await this.#discovered();
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
    const { issuer } = await this.#discovered();
    const checked = await checkIdToken(token, {
      // Google names itself with and without the scheme.
      issuers: [issuer, issuer.replace(/^https:\/\//, '')],
      clientId: this.#options.clientId,
      nonce: answer.nonce,
      nowMs: this.#options.clock.date().getTime(),
      keyFor: (kid) => this.#keyFor(kid),
    });
    if ('refused' in checked) {
      this.#options.logger.warn({ why: checked.refused }, 'an id token of Google was refused');
      return undefined;
    }
    const { sub, email, email_verified: isEmailVerified = false, name = '' } = checked.claims;
    return email === undefined ? undefined : { subject: sub, email, isEmailVerified, name };
  }

  /** Undefined when Google does not take the code. */
  async #exchange(answer: AuthorizationAnswer): Promise<string | undefined> {
    const { clientId, clientSecret } = this.#options;
    const { token_endpoint: endpoint } = await this.#discovered();
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

  async #discovered(): Promise<Configuration> {
    const kept = this.#configuration;
    if (kept !== undefined && this.#ageMs(kept) < KEPT_MS) return kept.value;
    const { baseUrl, clock } = this.#options;
    const response = await this.#fetch(`${baseUrl}/.well-known/openid-configuration`);
    const value = await parsed(response, configurationSchema);
    // Or tokens of whoever serves this document would be good here.
    if (value.issuer !== baseUrl) throw invalid(`it calls itself ${value.issuer}`);
    this.#configuration = { value, atMs: clock.nowMs() };
    return value;
  }

  async #keyFor(kid: string): Promise<JsonWebKey | undefined> {
    const kept = this.#keys;
    const known = kept?.value.find((key) => key.kid === kid);
    if (kept !== undefined) {
      const ageMs = this.#ageMs(kept);
      if (ageMs < (known === undefined ? REFETCH_EVERY_MS : KEPT_MS)) return known;
    }
    const { jwks_uri: url } = await this.#discovered();
    const { keys } = await parsed(await this.#fetch(url), keysSchema);
    this.#keys = { value: keys, atMs: this.#options.clock.nowMs() };
    return keys.find((key) => key.kid === kid);
  }

  async #fetch(url: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch(url, {
        ...init,
        redirect: 'error',
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
    } catch (error) {
      throw new VendorError('google', 'could not be reached', {
        isRetryable: true,
        code: 'network',
        cause: error,
      });
    }
  }

  #ageMs(kept: Kept<unknown>): number {
    return this.#options.clock.nowMs() - kept.atMs;
  }
}

async function parsed<Schema extends z.ZodType>(
  response: Response,
  schema: Schema,
): Promise<z.output<Schema>> {
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    throw new VendorError('google', `answered ${response.status}`, {
      isRetryable: isRetryableStatus(response.status),
      code: String(response.status),
    });
  }
  const result = schema.safeParse(body);
  if (!result.success) throw invalid('it is not what was expected');
  return result.data;
}

function invalid(why: string): VendorError {
  return new VendorError('google', `answered in a form we do not know: ${why}`, {
    isRetryable: false,
    code: 'invalid-answer',
  });
}
