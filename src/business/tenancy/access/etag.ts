import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { StaleVersion } from '../../../platform/process/errors.ts';

/** Stands for exactly what the client was shown: a digest of the presented resource. */
export function etagOf(presented: unknown): string {
  return `"${hash('sha256', JSON.stringify(presented), 'base64url').slice(0, 22)}"`;
}

/** What the client believes it changes; undefined when it does not care. */
export function ifMatchOf(request: FastifyRequest): string | undefined {
  return request.headers['if-match'];
}

/**
 * Within the transaction that changes the resource, with the row locked (`forUpdate`): refuses a change of what
 * somebody else has changed since it was read.
 */
export function checkMatch(ifMatch: string | undefined, presented: unknown): void {
  if (ifMatch === undefined || ifMatch.trim() === '*') return;
  const current = etagOf(presented);
  const named = ifMatch.split(',').map((etag) => etag.trim());
  if (!named.includes(current)) {
    throw new StaleVersion('Somebody has changed this since you read it. Read it again, then change it.');
  }
}
