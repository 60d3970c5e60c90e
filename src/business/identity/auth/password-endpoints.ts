import { z } from 'zod';
import { problemSchema } from '../../../platform/http/problem.ts';
import { type AnyEndpoint, rawEndpoint } from '../../tenancy/access/access.ts';
import { memberOrRefused } from '../../tenancy/actor/actor.ts';
import { addressLimits, clientOf } from './address-limits.ts';
import { acceptedSchema, signedInSchema, toSignedIn } from './auth-answers.ts';
import {
  changePasswordSchema,
  forgotPasswordSchema,
  invitedSignUpSchema,
  resetPasswordSchema,
  signInSchema,
  signUpSchema,
} from './auth-requests.ts';
import type { AuthDependencies } from './enter.ts';
import { forgotPassword, resetPassword } from './password-reset.ts';
import { changePassword, signInByPassword } from './password-sign-in.ts';
import { signUpByEmail, signUpByInvitation } from './sign-up.ts';

const tag = 'Signing in';

/** With an e-mail address and a password. */
export function passwordEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [...signUpEndpoints(dependencies), ...forgottenPasswordEndpoints(dependencies)];
}

function signUpEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/sign-up',
      needs: 'public',
      limits: { rateLimit: addressLimits.signUp },
      noStore: true,
      tag,
      summary: 'Sign up with e-mail and password; makes the business and its owner',
      body: signUpSchema,
      answers: { 201: signedInSchema },
      handle: async ({ request, body }) =>
        toSignedIn(await signUpByEmail(dependencies, body, clientOf(request))),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/accept-invitation',
      needs: 'public',
      limits: { rateLimit: addressLimits.signUp },
      noStore: true,
      tag,
      summary: 'Sign up with an invitation, into the business that invited',
      body: invitedSignUpSchema,
      answers: { 201: signedInSchema },
      handle: async ({ request, body }) =>
        toSignedIn(await signUpByInvitation(dependencies, body, clientOf(request))),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/sign-in',
      needs: 'public',
      limits: { rateLimit: addressLimits.signIn },
      noStore: true,
      tag,
      summary: 'Sign in with e-mail and password',
      body: signInSchema,
      answers: { 200: signedInSchema },
      handle: async ({ request, body }) =>
        toSignedIn(await signInByPassword(dependencies, body, clientOf(request))),
    }),
  ];
}

function forgottenPasswordEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/forgot-password',
      needs: 'public',
      limits: { rateLimit: addressLimits.message },
      tag,
      summary: 'Ask for a link to set a new password; the answer does not tell whether there is an account',
      body: forgotPasswordSchema,
      answers: { 202: acceptedSchema },
      async handle({ body }) {
        await forgotPassword(dependencies, body.email);
        return { status: 'accepted' as const };
      },
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/reset-password',
      needs: 'public',
      limits: { rateLimit: addressLimits.signIn },
      changesAccess: true,
      tag,
      summary: 'Set a new password with the token of a link; ends every session',
      body: resetPasswordSchema,
      answers: { 204: z.null(), 422: problemSchema },
      async handle({ body }) {
        await resetPassword(dependencies, body);
        return null;
      },
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/change-password',
      needs: 'signed-in',
      limits: { rateLimit: addressLimits.signIn },
      changesAccess: true,
      tag,
      summary: 'Change your password; ends your other sessions',
      body: changePasswordSchema,
      answers: { 204: z.null() },
      async handle({ actor, body }) {
        await changePassword(dependencies, memberOrRefused(actor), body);
        return null;
      },
    }),
  ];
}
