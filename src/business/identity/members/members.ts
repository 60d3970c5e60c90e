/** Members of a business, their permissions, and invitations. */
export { refuseUnlessMember } from './assignee.ts';
export { acceptInvitation, getInvitation } from './invitations.ts';
export { findMemberActor } from './member-actor.ts';
export { memberEndpoints } from './member-endpoints.ts';
export { memberEvents } from './member-events.ts';
export { addMember, countActiveMembers } from './member-service.ts';
export {
  chooseMembership,
  findActiveRole,
  listMemberships,
  type Membership,
  membershipsOf,
} from './memberships.ts';
