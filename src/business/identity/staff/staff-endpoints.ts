import { z } from 'zod';
import { pageQuery } from '../../../platform/data/paging.ts';
import { type AnyEndpoint, pathId, rawEndpoint } from '../../tenancy/access/access.ts';
import { addressLimits, clientOf } from '../auth/auth.ts';
import { asStaff, staffOrRefused } from './staff-actor.ts';
import {
  newStaffSchema,
  staffMemberSchema,
  staffPageSchema,
  staffSignedInSchema,
  staffSignInSchema,
} from './staff-member.ts';
import { createStaff, disableStaff, listStaff } from './staff-service.ts';
import { signInStaff, signOutStaff, type StaffSignInDependencies } from './staff-sessions.ts';

const tag = 'Platform: staff';

/** Sign-in and accounts of the platform's staff. */
export function accountEndpoints(dependencies: StaffSignInDependencies): readonly AnyEndpoint[] {
  return [...signInEndpoints(dependencies), ...staffMemberEndpoints(dependencies)];
}

function signInEndpoints(dependencies: StaffSignInDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/auth/sign-in',
      needs: 'public',
      limits: { rateLimit: addressLimits.signIn },
      noStore: true,
      tag,
      summary: 'Sign in as one of the platform’s staff',
      body: staffSignInSchema,
      answers: { 200: staffSignedInSchema },
      async handle({ request, body }) {
        const signedIn = await signInStaff(dependencies, body, clientOf(request));
        return { tokenType: 'Bearer' as const, ...signedIn };
      },
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/auth/sign-out',
      needs: 'staff',
      changesAccess: true,
      tag,
      summary: 'End this session, and every impersonation begun in it',
      answers: { 204: z.null() },
      handle: ({ actor, now }) =>
        asStaff(dependencies.tenancy, actor, (tx, staff) => signOutStaff(tx, staff, now)),
    }),
  ];
}

function staffMemberEndpoints(dependencies: StaffSignInDependencies): readonly AnyEndpoint[] {
  const { tenancy } = dependencies;
  return [
    rawEndpoint({
      method: 'GET',
      path: '/v1/platform/staff',
      needs: 'staff',
      tag,
      summary: 'List the platform’s staff',
      query: pageQuery,
      answers: { 200: staffPageSchema },
      handle: ({ actor, query }) => asStaff(tenancy, actor, (tx) => listStaff(tx, query)),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/staff',
      needs: 'staff',
      tag,
      summary: 'Make an account for a colleague',
      body: newStaffSchema,
      answers: { 201: staffMemberSchema },
      handle: ({ actor, body }) => createStaff(dependencies, staffOrRefused(actor), body),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/platform/staff/:id/disable',
      needs: 'staff',
      changesAccess: true,
      tag,
      summary: 'Close a colleague’s account; their sessions end',
      params: { id: pathId('stf', 'member of staff') },
      answers: { 200: staffMemberSchema },
      handle: ({ actor, params, now }) =>
        asStaff(tenancy, actor, (tx, staff) => disableStaff(tx, staff, params.id, now)),
    }),
  ];
}
