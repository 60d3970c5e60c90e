import type { FastifyRequest } from 'fastify';
import type { Client } from '../sessions/sessions.ts';

const name = 'address';
const minuteSeconds = 60;

/**
 * Requests of one network address to one route; an office of fifty people shares one. What an identity may try is
 * counted apart, in the database.
 */
export const addressLimits = {
  /** Where a password or a code is checked. */
  signIn: { name, max: 30, windowSeconds: minuteSeconds },
  /** Where something is made. */
  signUp: { name, max: 10, windowSeconds: minuteSeconds },
  /** Where a message is sent, which costs money and bothers somebody. */
  message: { name, max: 10, windowSeconds: 10 * minuteSeconds },
  /** Browsers refresh on their own, several at once. */
  refresh: { name, max: 120, windowSeconds: minuteSeconds },
} as const;

export function clientOf(request: FastifyRequest): Client {
  return { device: request.headers['user-agent'] ?? '', address: request.ip };
}
