import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import pLimit, { type LimitFunction } from 'p-limit';
import { Unavailable } from '../process/errors.ts';

// OWASP's minimum for Argon2id: 19 MiB, two passes, one lane; about 35 ms of one core.
const memoryKib = 19_456;
const passes = 2;
const tagBytes = 32;
const saltBytes = 16;

export interface PasswordPoolLimits {
  /** Each hash takes one of the four threads of libuv's pool, which serves files and DNS as well. */
  readonly atOnce: number;
  /** Maximum queue length; more are refused with a retry-after. 50 take about a second. */
  readonly maxWaiting: number;
}

const defaultLimits: PasswordPoolLimits = { atOnce: 2, maxWaiting: 50 };

/**
 * Hashes and verifies passwords off the event loop with limited concurrency, so that many sign-ins do not delay audio.
 */
export class Passwords {
  readonly #limits: PasswordPoolLimits;
  readonly #fewAtOnce: LimitFunction;

  constructor(limits: PasswordPoolLimits = defaultLimits) {
    this.#limits = limits;
    this.#fewAtOnce = pLimit(limits.atOnce);
  }

  /** Returns the PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    const tag = await this.#derive(password, salt, { memoryKib, passes });
    return `$argon2id$v=19$m=${memoryKib},t=${passes},p=1$${unpadded(salt)}$${unpadded(tag)}`;
  }

  /**
   * Whether this is the password. Without a stored hash (unknown account, or one without a password) the same work is
   * done, so that the response time does not reveal it.
   */
  async verify(password: string, stored: string | null | undefined): Promise<boolean> {
    const parsed = phcForm.exec(stored ?? '');
    if (parsed === null) {
      await this.#derive(password, Buffer.alloc(saltBytes), { memoryKib, passes });
      return false;
    }
    const [, memory, time, salt = '', expected = ''] = parsed;
    const parameters = { memoryKib: Number(memory), passes: Number(time) };
    const tag = await this.#derive(password, Buffer.from(salt, 'base64'), parameters);
    const wanted = Buffer.from(expected, 'base64');
    return wanted.length === tag.length && timingSafeEqual(wanted, tag);
  }

  async #derive(
    password: string,
    nonce: Buffer,
    cost: { readonly memoryKib: number; readonly passes: number },
  ): Promise<Buffer> {
    const { activeCount, pendingCount } = this.#fewAtOnce;
    if (activeCount + pendingCount >= this.#limits.atOnce + this.#limits.maxWaiting) {
      throw new Unavailable('Too many people are signing in at this moment; try again in a little while.', 2);
    }
    const parameters = {
      // Normalised, because keyboards compose accents differently.
      message: password.normalize('NFKC'),
      nonce,
      parallelism: 1,
      tagLength: tagBytes,
      memory: cost.memoryKib,
      passes: cost.passes,
    };
    return this.#fewAtOnce(() => derive(parameters));
  }
}

// The bounds limit the memory that a manipulated row could make the server allocate.
const phcForm =
  /^\$argon2id\$v=19\$m=(\d{4,6}),t=(\d{1,2}),p=1\$([A-Za-z0-9+/]{22,86})\$([A-Za-z0-9+/]{43})$/;

function derive(parameters: Argon2Parameters): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)));
  });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
