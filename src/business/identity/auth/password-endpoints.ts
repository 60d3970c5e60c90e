import { z } from 'zod';
import { problemSchema } from '../../../platform/http/problem.ts';
import { type AnyEndpoint, rawEndpoint } from '../../tenancy/access/access.ts';
import { memberOrRefused } from '../../tenancy/actor/actor.ts';
import { addressLimits } from './address-limits.ts';
import { acceptedSchema, signedInSchema } from './auth-answers.ts';
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
import { accepted, publicPost, signInBy } from './public-endpoints.ts';
import { signUpByEmail, signUpByInvitation } from './sign-up.ts';

const tag = 'Signing in';

/** Signing up and in with an e-mail address and a password. */
export function passwordEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [...signUpEndpoints(dependencies), ...forgottenPasswordEndpoints(dependencies)];
}

function signUpEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      ...publicPost(tag, addressLimits.signUp),
      path: '/v1/auth/sign-up',
      noStore: true,
      summary: 'Sign up with e-mail and password; makes the business and its owner',
      body: signUpSchema,
      answers: { 201: signedInSchema },
      handle: signInBy(dependencies, signUpByEmail),
    }),
    rawEndpoint({
      ...publicPost(tag, addressLimits.signUp),
      path: '/v1/auth/accept-invitation',
      noStore: true,
      summary: 'Sign up with an invitation, into the business that invited',
      body: invitedSignUpSchema,
      answers: { 201: signedInSchema },
      handle: signInBy(dependencies, signUpByInvitation),
    }),
    rawEndpoint({
      ...publicPost(tag, addressLimits.signIn),
      path: '/v1/auth/sign-in',
      noStore: true,
      summary: 'Sign in with e-mail and password',
      body: signInSchema,
      answers: { 200: signedInSchema },
      handle: signInBy(dependencies, signInByPassword),
    }),
  ];
}

function forgottenPasswordEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      ...publicPost(tag, addressLimits.message),
      path: '/v1/auth/forgot-password',
      summary: 'Ask for a link to set a new password; the answer does not tell whether there is an account',
      body: forgotPasswordSchema,
      answers: { 202: acceptedSchema },
      handle: ({ body }) => accepted(forgotPassword(dependencies, body.email)),
    }),
    rawEndpoint({
      ...publicPost(tag, addressLimits.signIn),
      path: '/v1/auth/reset-password',
      changesAccess: true,
      summary: 'Set a new password with the token of a link; ends every session',
      body: resetPasswordSchema,
      answers: { 204: z.null(), 422: problemSchema },
      handle: ({ body }) => resetPassword(dependencies, body),
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
      handle: ({ actor, body }) => changePassword(dependencies, memberOrRefused(actor), body),
    }),
  ];
}
