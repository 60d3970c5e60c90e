import { InvalidInput } from '../../../platform/process/errors.ts';
import type { MemberId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { memberTable } from './member-table.ts';

/** Refuses an assignee who is not an active member. */
export async function refuseUnlessMember(tx: Tx, memberId: MemberId): Promise<void> {
  const member = await memberTable.find(tx, memberId);
  if (member?.status === 'active') return;
  throw new InvalidInput(
    'The assignee is not a member here.',
    [{ pointer: '/assigneeId', detail: 'must be an active member' }],
    { code: 'assignee-unknown' },
  );
}
