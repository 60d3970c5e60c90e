import { Forbidden } from '../../../platform/process/errors.ts';

/** The error for every request to a business that the platform's staff have suspended. */
export function tenantSuspended(): Forbidden {
  return new Forbidden(
    'This business is suspended. Its data is stored; write to support to have it restored.',
    {
      code: 'tenant-suspended',
    },
  );
}
