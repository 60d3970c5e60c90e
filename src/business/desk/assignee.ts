import type { MemberId } from '../tenancy/ids/ids.ts';
import type { Tx } from '../tenancy/tenancy.ts';

/** Refuses an assignee who is not an active member. Members belong to identity, so the root passes this in. */
export type CheckAssignee = (tx: Tx, memberId: MemberId) => Promise<void>;

/** For callers that assign nothing, such as the agent. */
export const assignNobody: CheckAssignee = () =>
  Promise.reject(new Error('An assignee was named where nobody checks that they work here.'));
