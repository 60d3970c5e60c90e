import { z } from 'zod';
import { roles } from '../../tenancy/actor/actor.ts';
import { defineEvents } from '../../tenancy/events/events.ts';

/** Permissions and the name in this business, without addresses. */
const facts = z.object({
  role: z.enum(roles),
  status: z.enum(['invited', 'active', 'removed']),
  name: z.string(),
  grantedPermissions: z.array(z.string()),
  deniedPermissions: z.array(z.string()),
});

export const memberEvents = defineEvents('member', {
  invited: { says: 'Somebody was invited to become a member.', after: facts },
  'invited-again': { says: 'An invitation was sent again; the link before it stopped working.' },
  joined: { says: 'Somebody accepted an invitation.', before: facts, after: facts },
  changed: {
    says: 'The role, the name or the permissions of a member were changed.',
    before: facts,
    after: facts,
  },
  removed: { says: 'A member was removed, or an invitation withdrawn by a member.', before: facts },
  left: { says: 'A member left the business.', before: facts },
});
