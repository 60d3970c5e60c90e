import type { Db } from '../../../platform/data/db.ts';
import { InvalidInput } from '../../../platform/process/errors.ts';
import type { TenantId } from '../../../platform/data/ids.ts';
import { isActiveMember } from '../../identity/members/members.ts';
import type { MemberId } from '../../tenancy/references/ids.ts';

/** Only who works here now can be given something to do. */
export async function refuseUnlessMember(
  transaction: Db,
  tenantId: TenantId,
  memberId: MemberId,
): Promise<void> {
  if (await isActiveMember(transaction, tenantId, memberId)) return;
  throw new InvalidInput(
    'The assignee is not a member here.',
    [{ pointer: '/assigneeId', detail: 'must be an active member' }],
    { code: 'assignee-unknown' },
  );
}
