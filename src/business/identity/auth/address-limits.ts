import type { FastifyRequest } from 'fastify';
import type { Client } from '../sessions/sessions.ts';

const name = 'address';
const minuteSeconds = 60;

/**
 * Rate limits per network address and route; an office of fifty people may share an address. Attempts per identity are
 * counted separately, in the database.
 */
export const addressLimits = {
  /** For routes that check a password or a code. */
  signIn: { name, max: 30, windowSeconds: minuteSeconds },
  /** For routes that create an account. */
  signUp: { name, max: 10, windowSeconds: minuteSeconds },
  /** For routes that send a message. */
  message: { name, max: 10, windowSeconds: 10 * minuteSeconds },
  /** Browsers refresh on their own, several at once. */
  refresh: { name, max: 120, windowSeconds: minuteSeconds },
} as const;

export function clientOf(request: FastifyRequest): Client {
  return { device: request.headers['user-agent'] ?? '', address: request.ip };
}
