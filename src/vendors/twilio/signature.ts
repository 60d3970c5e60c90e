import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Form fields: the raw body, or the result of a form parser. */
export type WebhookBody = string | Readonly<Record<string, unknown>>;

export interface TwilioSignature {
  /**
   * True if one of the auth tokens signed this webhook. `target` is the raw request target (path and query exactly as
   * received); the host comes from the configuration, never from a header.
   */
  isSignedWebhook(request: {
    readonly target: string;
    readonly signature: string | undefined;
    readonly body: WebhookBody;
  }): boolean;
  /** True if one of the auth tokens signed this WebSocket upgrade. */
  isSignedUpgrade(request: { readonly target: string; readonly signature: string | undefined }): boolean;
}

/**
 * Several tokens are valid at once while one is being rotated. Written by hand because the webhook has 50 ms and the
 * vendor's SDK takes twice that to load; tests compare it with the SDK.
 */
export function createTwilioSignature(options: {
  readonly publicUrl: string;
  readonly authTokens: readonly string[];
}): TwilioSignature {
  const bases = publicBases(options.publicUrl);
  const tokens = options.authTokens.filter((token) => token !== '');

  const isSigned = (urls: readonly string[], suffix: string, signature: string | undefined): boolean => {
    if (signature === undefined) return false;
    const given = Buffer.from(signature);
    return tokens.some((token) => urls.some((url) => isEqual(given, sign(token, url + suffix))));
  };

  return {
    isSignedWebhook({ target, signature, body }) {
      if (!target.startsWith('/')) return false;
      const urls = bases.map((base) => base + target);
      const bodyHash = new URLSearchParams(target.split('?')[1] ?? '').get('bodySHA256');
      if (bodyHash !== null && typeof body === 'string') {
        return isSigned(urls, '', signature) && isEqual(Buffer.from(bodyHash), sha256Hex(body));
      }
      return isSigned(urls, concatenatedParameters(body), signature);
    },
    isSignedUpgrade({ target, signature }) {
      if (!target.startsWith('/')) return false;
      // Twilio signs the wss URL of the TwiML, by its documentation perhaps with a trailing slash; accepting each form
      // is equally secure.
      const urls = bases
        .flatMap((base) => [base, base.replace(/^http/, 'ws'), base.replace(/^https?/, 'wss')])
        .flatMap((base) => (target.endsWith('/') ? [base + target] : [base + target, `${base + target}/`]));
      return isSigned(urls, '', signature);
    },
  };
}

function sign(token: string, text: string): Buffer {
  return Buffer.from(createHmac('sha1', token).update(text, 'utf8').digest('base64'));
}

function sha256Hex(body: string): Buffer {
  return Buffer.from(createHash('sha256').update(body, 'utf8').digest('hex'));
}

/** Constant-time comparison; the length of a signature is no secret. */
function isEqual(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Names in code-unit order, each followed by its value; repeated names have their values sorted, each once. */
function concatenatedParameters(body: WebhookBody): string {
  const values = new Map<string, Set<string>>();
  const add = (name: string, value: string): void => {
    const known = values.get(name);
    if (known === undefined) values.set(name, new Set([value]));
    else known.add(value);
  };
  if (typeof body === 'string') {
    for (const [name, value] of new URLSearchParams(body)) add(name, value);
  } else {
    for (const [name, value] of Object.entries(body)) {
      for (const item of Array.isArray(value) ? value : [value])
        if (typeof item === 'string') add(name, item);
    }
  }
  return [...values.keys()]
    .toSorted(byCodeUnit)
    .map((name) =>
      [...values.get(name)!]
        .toSorted(byCodeUnit)
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

function byCodeUnit(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/**
 * What may precede the request target in the signed string. Twilio always drops user info, and drops the port for voice
 * over https only, so the address is tried as configured, without a port and with the standard one.
 */
function publicBases(publicUrl: string): string[] {
  const match = /^(https?):\/\/(?:[^@/]*@)?([^/:?#]+|\[[^\]]*\])(?::(\d+))?([^?#]*)/i.exec(publicUrl);
  if (match === null) throw new TypeError(`not an http(s) URL: ${publicUrl}`);
  const scheme = match[1]!.toLowerCase();
  const path = match[4]!.replace(/\/+$/, '');
  const standardPort = scheme === 'https' ? '443' : '80';
  const ports = new Set(['', `:${standardPort}`, ...(match[3] === undefined ? [] : [`:${match[3]}`])]);
  const hosts = new Set([match[2]!, match[2]!.toLowerCase()]);
  return [...hosts].flatMap((host) => [...ports].map((port) => `${scheme}://${host}${port}${path}`));
}
