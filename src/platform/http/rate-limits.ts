import type { FastifyReply } from 'fastify';
import { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import type { Logger } from 'pino';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { TooManyRequests } from '../process/errors.ts';
import type { HttpServer } from './http.ts';
import { clientNetwork } from './networks.ts';

export interface RateLimit {
  /** Name in the response headers. */
  readonly name: string;
  readonly max: number;
  readonly windowSeconds: number;
}

export interface RateLimitsOptions {
  /** Shared counters of all processes. Without it, or while it is unavailable, each process counts by itself. */
  readonly redisUrl?: string | undefined;
  readonly logger: Pick<Logger, 'warn'>;
  /** Prefix of every key; tests use their own. */
  readonly prefix?: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Limit of requests per network address to this route. */
    rateLimit?: RateLimit;
  }
}

// Timeout of Redis, after which a request is counted by this process alone.
const redisTimeoutMs = 250;
// Bounds the memory that a client with many addresses can use; the least recently used entries are dropped.
const maxKeysInMemory = 50_000;

/** Counts requests, and refuses those above a limit. */
export class RateLimits implements AsyncDisposable {
  readonly #prefix: string;
  readonly #redis: Redis | undefined;
  readonly #counters = new Map<RateLimit, RateLimiterMemory | RateLimiterRedis>();

  constructor({ redisUrl, logger, prefix = 'parley:requests:' }: RateLimitsOptions) {
    this.#prefix = prefix;
    this.#redis = redisUrl === undefined ? undefined : connect(redisUrl, logger);
  }

  /** Adds the remaining limit to the response headers; throws `TooManyRequests` once the limit is exceeded. */
  async spend(reply: FastifyReply, limit: RateLimit, key: string, refusal: string): Promise<void> {
    const { consumedPoints, msBeforeNext } = await this.count(limit, key);
    const resetSeconds = Math.max(0, Math.ceil(msBeforeNext / 1000));
    const remaining = Math.max(0, limit.max - consumedPoints);
    append(reply, 'ratelimit-policy', `"${limit.name}";q=${limit.max};w=${limit.windowSeconds}`);
    append(reply, 'ratelimit', `"${limit.name}";r=${remaining};t=${resetSeconds}`);
    if (consumedPoints > limit.max) throw new TooManyRequests(refusal, resetSeconds);
  }

  async count(limit: RateLimit, key: string): Promise<RateLimiterRes> {
    try {
      return await this.#counterOf(limit).consume(key);
    } catch (result) {
      // rate-limiter-flexible rejects with the result when the limit is exceeded.
      if (result instanceof RateLimiterRes) return result;
      throw result;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#redis?.quit().catch(() => this.#redis?.disconnect());
  }

  #counterOf(limit: RateLimit): RateLimiterMemory | RateLimiterRedis {
    let counter = this.#counters.get(limit);
    if (counter === undefined) {
      counter = this.#createCounter(limit);
      this.#counters.set(limit, counter);
    }
    return counter;
  }

  #createCounter({ name, max, windowSeconds }: RateLimit): RateLimiterMemory | RateLimiterRedis {
    const options = { keyPrefix: `${this.#prefix}${name}`, points: max, duration: windowSeconds };
    const memory = new BoundedMemory(options);
    if (this.#redis === undefined) return memory;
    return new RateLimiterRedis({
      ...options,
      storeClient: this.#redis,
      rejectIfRedisNotReady: true,
      insuranceLimiter: memory,
    });
  }
}

/** Applies the limits that routes declare as `config.rateLimit`, per network address and route. */
export function limitAddresses(app: HttpServer, limits: RateLimits): void {
  app.addHook('onRequest', async (request, reply) => {
    const { config, url = '' } = request.routeOptions;
    if (config.rateLimit === undefined) return;
    const key = `${request.method} ${url} ${clientNetwork(request.ip)}`;
    const refusal = 'Too many requests from your address; wait a while.';
    await limits.spend(reply, config.rateLimit, key, refusal);
  });
}

class BoundedMemory extends RateLimiterMemory {
  readonly #keys = new LRUCache<string, true>({
    max: maxKeysInMemory,
    dispose: (_value, key) => void this.delete(key),
  });

  override consume(key: string): Promise<RateLimiterRes> {
    this.#keys.set(key, true);
    return super.consume(key);
  }
}

function connect(redisUrl: string, logger: Pick<Logger, 'warn'>): Redis {
  const redis = new Redis(redisUrl, {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    commandTimeout: redisTimeoutMs,
  });
  let isAway = false;
  redis.on('ready', () => (isAway = false));
  // Logged once per outage, because ioredis emits an error for every attempt to reconnect.
  redis.on('error', (error) => {
    if (!isAway) logger.warn({ err: error }, 'rate limit store unavailable; counting in this process only');
    isAway = true;
  });
  return redis;
}

/** Appends, because a request may be counted against several limits. */
function append(reply: FastifyReply, name: string, item: string): void {
  const before = reply.getHeader(name);
  reply.header(name, before === undefined ? item : `${String(before)}, ${item}`);
}
