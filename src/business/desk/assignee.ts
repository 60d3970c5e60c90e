import type { MemberId } from '../tenancy/ids/ids.ts';
import type { Tx } from '../tenancy/tenancy.ts';

/**
 * Refuses who does not work here now, before something is given to them. Members are identity's, so the composition
 * root passes this in.
 */
export type CheckAssignee = (tx: Tx, memberId: MemberId) => Promise<void>;

/** For whoever assigns nothing, such as the agent. */
export const assignNobody: CheckAssignee = () =>
  Promise.reject(new Error('An assignee was named where nobody checks that they work here.'));
