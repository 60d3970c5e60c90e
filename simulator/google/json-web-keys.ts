import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The keys that sign id tokens; made when first asked for, because most runs sign nothing. */
export class JsonWebKeys {
  #current: SigningKey | undefined;

  get current(): SigningKey {
    this.#current ??= makeKey();
    return this.#current;
  }

  rotate(): void {
    this.#current = makeKey();
  }

  published(): unknown {
    const { kid, publicKey } = this.current;
    return { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] };
  }
}

function makeKey(): SigningKey {
  return { kid: randomBytes(20).toString('hex'), ...generateKeyPairSync('rsa', { modulusLength: 2048 }) };
}
