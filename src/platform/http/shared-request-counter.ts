import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../process/clock.ts';
import { type Counted, type RequestCounter, RequestWindows } from './request-counter.ts';

export interface SharedCounterOptions {
  readonly redisUrl: string;
  readonly clock: Clock;
  readonly windowMs: number;
  readonly logger: Pick<Logger, 'warn'>;
  /** In front of every key; tests take their own. */
  readonly prefix?: string;
}

// A request waits for this at the very most, and is then counted here alone.
const answerWithinMs = 250;

/** For every process together, in Redis; while that is away, each counts for itself. */
export class SharedRequestCounter implements RequestCounter, AsyncDisposable {
  readonly #redis: Redis;
  readonly #windowMs: number;
  readonly #prefix: string;
  readonly #alone: RequestWindows;
  readonly #logger: Pick<Logger, 'warn'>;
  #isAway = false;

  constructor(options: SharedCounterOptions) {
    this.#windowMs = options.windowMs;
    this.#prefix = options.prefix ?? 'parley:requests:';
    this.#logger = options.logger;
    this.#alone = new RequestWindows(options);
    this.#redis = new Redis(options.redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 1,
      commandTimeout: answerWithinMs,
    });
    // Without a listener an error of the connection ends the process; `count` tells of it.
    this.#redis.on('error', () => undefined);
  }

  async count(key: string): Promise<Counted> {
    const alone = this.#alone.count(key);
    try {
      const counted = await this.#countInRedis(`${this.#prefix}${key}`);
      this.#isAway = false;
      return counted;
    } catch (error) {
      if (!this.#isAway) this.#logger.warn({ err: error }, 'requests are counted by this process alone');
      this.#isAway = true;
      return alone;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#redis.quit().catch(() => this.#redis.disconnect());
  }

  async #countInRedis(key: string): Promise<Counted> {
    const replies = await this.#redis
      .multi()
      .set(key, 0, 'PX', this.#windowMs, 'NX')
      .incr(key)
      .pttl(key)
      .exec();
    const [count, resetMs] = [replies?.[1]?.[1], replies?.[2]?.[1]];
    if (typeof count !== 'number' || typeof resetMs !== 'number') throw new Error('Redis did not count.');
    return { count, resetMs: Math.max(0, resetMs) };
  }
}
