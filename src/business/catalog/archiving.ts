import { InvalidInput } from '../../platform/process/errors.ts';

/* What is named by bookings or orders is archived instead of removed: it stays on record and is offered no more. */

export function archivedNow(): { readonly active: false; readonly archivedAt: Date } {
  return { active: false, archivedAt: new Date() };
}

/** What is archived is not active, and what is not active stays so when it is restored. */
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
