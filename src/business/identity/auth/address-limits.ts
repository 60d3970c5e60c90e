import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { TooManyRequests } from '../../../platform/process/errors.ts';
import type { Client } from '../sessions/service.ts';

const minuteMs = 60_000;

/**
 * Requests of one network address to one route, on this node; an office of fifty people shares one. What an identity
 * may try is counted for all nodes together, in the database.
 */
export const addressLimits = {
  /** Where a password or a code is checked. */
  signIn: { max: 30, timeWindow: minuteMs },
  /** Where something is made. */
  signUp: { max: 10, timeWindow: minuteMs },
  /** Where a message is sent, which costs money and bothers somebody. */
  message: { max: 10, timeWindow: 10 * minuteMs },
  /** Browsers refresh on their own, several at once. */
  refresh: { max: 120, timeWindow: minuteMs },
} as const;

/** Registered in the scope of the routes that have `config.rateLimit`, and in no other. */
export async function limitAddresses(app: Pick<FastifyInstance, 'register'>): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    enableDraftSpec: true,
    errorResponseBuilder: (_request, { ttl }) =>
      new TooManyRequests('Too many requests from your address; wait a while.', Math.ceil(ttl / 1000)),
  });
}

export function clientOf(request: FastifyRequest): Client {
  return { device: request.headers['user-agent'] ?? '', address: request.ip };
}
