import { Forbidden } from '../../../platform/process/errors.ts';

/** The whole business is out, whoever asks: the platform's staff have suspended it. */
export function tenantSuspended(): Forbidden {
  return new Forbidden(
    'This business is suspended. Its data is stored; write to support to have it restored.',
    {
      code: 'tenant-suspended',
    },
  );
}
