import { InvalidInput } from '../../platform/process/errors.ts';

/* Archiving (soft delete): what bookings or orders refer to is kept and no longer offered. */

export function archivedNow(): { readonly active: false; readonly archivedAt: Date } {
  return { active: false, archivedAt: new Date() };
}

/** Archiving makes a row inactive; restoring does not make it active again. */
export function archiving(
  before: { readonly archivedAt: Date | null },
  wanted: { readonly archived: boolean | undefined; readonly active: boolean | undefined },
): { readonly active?: boolean; readonly archivedAt?: Date | null } {
  if (wanted.archived === true) return before.archivedAt === null ? archivedNow() : { active: false };
  if (wanted.archived === false) return { archivedAt: null };
  if (wanted.active === true && before.archivedAt !== null) {
    throw new InvalidInput(
      'This is archived; restore it first.',
      [{ pointer: '/active', detail: 'needs archived: false' }],
      { code: 'item-archived' },
    );
  }
  return {};
}
