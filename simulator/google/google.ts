import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson, startVendorServer } from '../vendor-server.ts';
import { consentPage } from './consent-page.ts';
import { JsonWebKeys } from './json-web-keys.ts';

/** An account at the stand-in. */
export interface GoogleAccount {
  readonly sub: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly name: string;
}

export interface GoogleOptions {
  readonly port?: number;
  /** Accounts offered on the page; any other address may be entered too. */
  readonly accounts?: readonly GoogleAccount[];
  /** Any client is good, with any secret, unless one is named. */
  readonly client?: { readonly id: string; readonly secret: string };
}

/** Deliberate errors, for testing a client's checks of tokens. */
export interface GoogleFaults {
  /** Overrides claims of the id token; `undefined` leaves a claim out. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** `foreign`: by a key that is published nowhere, under the id of one that is. `none`: not signed at all. */
  readonly signature?: 'foreign' | 'none';
  /** Status of every answer to the token request. */
  readonly tokenStatus?: number;
  /** Answered instead of the published keys. */
  readonly keys?: { readonly status: number; readonly body: unknown };
}

export interface GoogleSimulator {
  /** The issuer. */
  readonly url: string;
  /** Settable at any time. */
  faults: GoogleFaults;
  readonly stats: { tokenRequests: number; keyRequests: number };
  /** Signs with a new key from now on; the old one is published no more. */
  rotateKeys(): void;
  close(): Promise<void>;
}

interface Grant {
  readonly account: GoogleAccount;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly expiresAtMs: number;
}

const CODE_LIFETIME_MS = 10 * 60_000;
const TOKEN_LIFETIME_SECONDS = 3_600;
const MAX_GRANTS = 1_000;
const MAX_BODY_BYTES = 16 * 1024;

const someone: GoogleAccount = {
  sub: '100000000000000000001',
  email: 'robin@example.com',
  emailVerified: true,
  name: 'Robin Example',
};

/** OpenID Connect as Google speaks it: discovery, a page to choose an account on, codes for tokens, public keys. */
export async function startGoogle(options: GoogleOptions = {}): Promise<GoogleSimulator> {
  const google = new Google(options);
  const server = await startVendorServer({
    port: options.port ?? 0,
    onRequest: (request, response, url) => google.onRequest(request, response, url),
    onUpgrade: (upgrade) => Promise.resolve(upgrade.refuse(404, { error: 'not_found' })),
  });
  google.issuer = server.url;
  return {
    url: server.url,
    stats: google.stats,
    rotateKeys: () => google.keys.rotate(),
    close: () => server.close(),
    get faults() {
      return google.faults;
    },
    set faults(faults) {
      google.faults = faults;
    },
  };
}

class Google {
  issuer = '';
  faults: GoogleFaults = {};
  readonly stats = { tokenRequests: 0, keyRequests: 0 };
  readonly keys = new JsonWebKeys();
  readonly #options: GoogleOptions;
  readonly #grants = new Map<string, Grant>();

  constructor(options: GoogleOptions) {
    this.#options = options;
  }

  async onRequest(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /.well-known/openid-configuration':
        return sendJson(response, 200, this.#configuration(), { 'cache-control': 'public, max-age=3600' });
      case 'GET /oauth2/v3/certs':
        this.stats.keyRequests += 1;
        if (this.faults.keys !== undefined) {
          return sendJson(response, this.faults.keys.status, this.faults.keys.body);
        }
        return sendJson(response, 200, this.keys.published(), { 'cache-control': 'public, max-age=3600' });
      case 'GET /o/oauth2/v2/auth':
        return this.#authorise(response, url);
      case 'POST /token':
        this.stats.tokenRequests += 1;
        return this.#exchange(request, response);
      default:
        return sendJson(response, 404, { error: 'not_found' });
    }
  }

  #configuration(): unknown {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/o/oauth2/v2/auth`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/oauth2/v3/certs`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['plain', 'S256'],
      scopes_supported: ['openid', 'email', 'profile'],
    };
  }

  #authorise(response: ServerResponse, url: URL): void {
    const { searchParams: query } = url;
    const refusal = this.#refusal(query);
    if (refusal !== undefined) return sendJson(response, 400, { error: refusal });
    const chosen = query.get('as');
    if (chosen === null) {
      const page = consentPage(url, this.#accounts());
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
      return undefined;
    }
    const back = new URL(query.get('redirect_uri')!);
    back.searchParams.set('state', query.get('state') ?? '');
    if (chosen === '') back.searchParams.set('error', 'access_denied');
    else back.searchParams.set('code', this.#grant(query, this.#accountOf(chosen)));
    response.writeHead(302, { location: back.href }).end();
    return undefined;
  }

  #refusal(query: URLSearchParams): string | undefined {
    const { client } = this.#options;
    if (client !== undefined && query.get('client_id') !== client.id) return 'invalid_client';
    if (query.get('response_type') !== 'code') return 'unsupported_response_type';
    if (!(query.get('scope') ?? '').split(' ').includes('openid')) return 'invalid_scope';
    if (!URL.canParse(query.get('redirect_uri') ?? '')) return 'redirect_uri_mismatch';
    const method = query.get('code_challenge_method');
    return query.has('code_challenge') && method !== 'S256' ? 'invalid_request' : undefined;
  }

  #grant(query: URLSearchParams, account: GoogleAccount): string {
    const code = `4/${randomBytes(24).toString('base64url')}`;
    if (this.#grants.size >= MAX_GRANTS) this.#grants.delete(this.#grants.keys().next().value!);
    this.#grants.set(code, {
      account,
      clientId: query.get('client_id') ?? '',
      redirectUri: query.get('redirect_uri')!,
      nonce: query.get('nonce') ?? undefined,
      codeChallenge: query.get('code_challenge') ?? undefined,
      expiresAtMs: Date.now() + CODE_LIFETIME_MS,
    });
    return code;
  }

  async #exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams((await readBody(request, MAX_BODY_BYTES)) ?? '');
    if (this.faults.tokenStatus !== undefined) {
      return sendJson(response, this.faults.tokenStatus, { error: 'temporarily_unavailable' });
    }
    const { client } = this.#options;
    const isClient =
      client === undefined ||
      (form.get('client_id') === client.id && form.get('client_secret') === client.secret);
    if (!isClient)
      return sendJson(response, 401, { error: 'invalid_client', error_description: 'Unauthorized' });
    const code = form.get('code') ?? '';
    const grant = this.#grants.get(code);
    // A code is single-use, whatever the outcome.
    this.#grants.delete(code);
    if (grant === undefined || !isGoodFor(grant, form)) {
      return sendJson(response, 400, { error: 'invalid_grant', error_description: 'Bad Request' });
    }
    return sendJson(response, 200, {
      access_token: `ya29.${randomBytes(24).toString('base64url')}`,
      expires_in: TOKEN_LIFETIME_SECONDS - 1,
      scope: 'openid https://www.googleapis.com/auth/userinfo.email',
      token_type: 'Bearer',
      id_token: this.#idToken(grant),
    });
  }

  #idToken({ account, clientId, nonce }: Grant): string {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const claims = {
      iss: this.issuer,
      azp: clientId,
      aud: clientId,
      sub: account.sub,
      email: account.email,
      email_verified: account.emailVerified,
      name: account.name,
      nonce,
      iat: nowSeconds,
      exp: nowSeconds + TOKEN_LIFETIME_SECONDS,
      ...this.faults.claims,
    };
    const isSigned = this.faults.signature !== 'none';
    const header = { alg: isSigned ? 'RS256' : 'none', kid: this.keys.current.kid, typ: 'JWT' };
    const input = [header, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    if (!isSigned) return `${input}.`;
    const key =
      this.faults.signature === 'foreign'
        ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
        : this.keys.current.privateKey;
    return `${input}.${sign('RSA-SHA256', Buffer.from(input), key).toString('base64url')}`;
  }

  #accounts(): readonly GoogleAccount[] {
    return this.#options.accounts ?? [someone];
  }

  #accountOf(email: string): GoogleAccount {
    const known = this.#accounts().find((account) => account.email === email);
    if (known !== undefined) return known;
    const digits = BigInt(`0x${createHash('sha256').update(email).digest('hex').slice(0, 15)}`).toString();
    return { sub: digits.padStart(21, '1'), email, emailVerified: true, name: email.split('@')[0]! };
  }
}

function isGoodFor(grant: Grant, form: URLSearchParams): boolean {
  if (form.get('grant_type') !== 'authorization_code' || grant.expiresAtMs < Date.now()) return false;
  if (form.get('client_id') !== grant.clientId || form.get('redirect_uri') !== grant.redirectUri)
    return false;
  if (grant.codeChallenge === undefined) return true;
  const verifier = form.get('code_verifier') ?? '';
  return createHash('sha256').update(verifier).digest('base64url') === grant.codeChallenge;
}
