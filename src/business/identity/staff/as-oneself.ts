import type { FastifyRequest } from 'fastify';
import { Forbidden } from '../../../platform/process/errors.ts';
import { type StaffActor, staffOf } from '../../tenancy/access/actor.ts';

/** A token for a business's place is good there and for nothing else. */
export function asOneself(request: FastifyRequest): StaffActor {
  const actor = staffOf(request);
  if (actor.tenantId === undefined) return actor;
  throw new Forbidden('This token acts for a business; use your own for the platform.', {
    code: 'staff-only',
  });
}
