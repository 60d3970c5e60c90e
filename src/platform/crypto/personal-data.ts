import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Personal data (phone numbers, e-mail addresses, postal addresses) is stored encrypted, with a keyed hash of
 * the text beside it (a blind index) if rows are found by it. The first key encrypts; every key decrypts, so that keys
 * can be rotated while rows encrypted with old ones exist.
 */
export class PersonalDataCipher {
  readonly #keys: readonly DerivedKeys[];

  /** The newest first; 32 random bytes each. */
  constructor(keys: readonly Buffer[]) {
    if (keys.length === 0) throw new Error('Personal data needs at least one key.');
    this.#keys = keys.map(derive);
  }

  /** Not deterministic, so that equal texts cannot be recognised. Null stays null. */
  encrypt(text: string): string;
  encrypt(text: string | null): string | null;
  encrypt(text: string | null): string | null {
    if (text === null) return null;
    const key = this.#keys[0]!;
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key.encryption, nonce);
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${version}.${key.id}.${sealed.toString('base64url')}`;
  }

  decrypt(stored: string): string;
  decrypt(stored: string | null): string | null;
  decrypt(stored: string | null): string | null {
    if (stored === null) return null;
    const [form, keyId, body = ''] = stored.split('.');
    const key = this.#keys.find(({ id }) => id === keyId);
    if (form !== version || key === undefined) {
      throw new Error('Personal data was encrypted with a key that is not in ENCRYPTION_KEY any more.');
    }
    const sealed = Buffer.from(body, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', key.encryption, sealed.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    const text = decipher.update(sealed.subarray(nonceBytes, -tagBytes));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  }

  /**
   * The index to store beside the encrypted text. Equal texts have equal indexes, so normalise them first (E.164,
   * lower-case e-mail address).
   */
  blindIndex(text: string): string {
    return indexWith(this.#keys[0]!, text);
  }

  /**
   * The index of the text by every key, because older rows were indexed with older keys. To look rows up:
   * `where('emailIndex', 'in', tx.cipher.blindIndexes(email))`.
   */
  blindIndexes(text: string): readonly string[] {
    return this.#keys.map((key) => indexWith(key, text));
  }
}

interface DerivedKeys {
  readonly id: string;
  readonly encryption: Buffer;
  readonly index: Buffer;
}

const version = 'v1';
const nonceBytes = 12;
const tagBytes = 16;

function derive(key: Buffer): DerivedKeys {
  // Separate keys for encryption and hashing are derived from the configured one.
  const part = (info: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `parley ${info}`, bytes));
  return {
    id: part('key id', 4).toString('hex'),
    encryption: part('personal data', 32),
    index: part('blind index', 32),
  };
}

function indexWith(key: DerivedKeys, text: string): string {
  return createHmac('sha256', key.index).update(text, 'utf8').digest('base64url');
}
