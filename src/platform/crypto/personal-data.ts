import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Personal data (phone numbers, e-mail addresses, postal addresses) is stored encrypted, with a keyed hash of
 * the text beside it (a blind index) where rows are looked for by it. The first key writes; every key reads, so that
 * a key can be replaced while rows of the old one are still there.
 */
export class PersonalDataCipher {
  readonly #keys: readonly DerivedKeys[];

  /** The newest first; 32 random bytes each. */
  constructor(keys: readonly Buffer[]) {
    if (keys.length === 0) throw new Error('Personal data needs at least one key.');
    this.#keys = keys.map(derive);
  }

  /** Different each time, so that equal texts cannot be recognised. */
  encrypt(text: string): string {
    const key = this.#keys[0]!;
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv('aes-256-gcm', key.encryption, nonce);
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `${version}.${key.id}.${sealed.toString('base64url')}`;
  }

  decrypt(stored: string): string {
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

  /** What is stored beside the encrypted text. The same text has the same index: normalise it first. */
  blindIndex(text: string): string {
    return indexWith(this.#keys[0]!, text);
  }

  /** The index of the text by every key, because older rows were indexed with older keys. */
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
  // One key in the environment, one for each use: no text that is hashed can say anything about the cipher's key.
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

let processCipher: PersonalDataCipher | undefined;

/**
 * Sets the keys of this process, once, before rows are read. They belong to the process as its database does, and
 * every mapping of rows needs them (services, jobs, the tools of a call, the seed): handing them to each is a
 * parameter on every function that says nothing.
 */
export function usePersonalDataKeys(keys: readonly Buffer[]): void {
  processCipher = new PersonalDataCipher(keys);
}

function ofProcess(): PersonalDataCipher {
  if (processCipher === undefined) throw new Error('usePersonalDataKeys has not been called.');
  return processCipher;
}

export function encrypt(text: string): string {
  return ofProcess().encrypt(text);
}

export function decrypt(stored: string): string {
  return ofProcess().decrypt(stored);
}

/** Of a normalised text (E.164, lower-case e-mail address), to be stored beside the encrypted one. */
export function blindIndex(text: string): string {
  return ofProcess().blindIndex(text);
}

/** To look rows up: `where('emailIndex', 'in', blindIndexes(email))`. */
export function blindIndexes(text: string): readonly string[] {
  return ofProcess().blindIndexes(text);
}
