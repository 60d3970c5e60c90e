import { z } from 'zod';
import { problemSchema } from '../../../platform/http/problem.ts';
import { type AnyEndpoint, rawEndpoint } from '../../tenancy/access/access.ts';
import { addressLimits, clientOf } from './address-limits.ts';
import { acceptedSchema, codeVerifiedSchema, signedInSchema, toSignedIn } from './auth-answers.ts';
import {
  phoneRegistrationSchema,
  phoneResetSchema,
  phoneSignInSchema,
  sendCodeSchema,
  verifyCodeSchema,
} from './auth-requests.ts';
import type { AuthDependencies } from './enter.ts';
import {
  forgotPasswordByPhone,
  registerByPhone,
  resetPasswordByPhone,
  sendSignInCode,
  sendVerification,
  signInByCode,
  verifyCode,
} from './phone-sign-in.ts';

const tag = 'Signing in by phone';

/** With a number instead of an e-mail address, and a code instead of a password. */
export function phoneEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [...sendingEndpoints(dependencies), ...checkingEndpoints(dependencies)];
}

function sendingEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  const accepted = { status: 'accepted' } as const;
  const sending = {
    method: 'POST',
    needs: 'public',
    limits: { rateLimit: addressLimits.message },
    tag,
    body: sendCodeSchema,
  } as const;
  return [
    rawEndpoint({
      ...sending,
      path: '/v1/auth/phone/send-verification',
      summary: 'Send a code to a number that nobody has signed up with yet',
      answers: { 202: acceptedSchema, 502: problemSchema },
      async handle({ body }) {
        await sendVerification(dependencies, body);
        return accepted;
      },
    }),
    rawEndpoint({
      ...sending,
      path: '/v1/auth/phone/send-sign-in-code',
      summary: 'Ask for a code to sign in with; the answer does not tell whether there is an account',
      answers: { 202: acceptedSchema },
      async handle({ body }) {
        await sendSignInCode(dependencies, body);
        return accepted;
      },
    }),
    rawEndpoint({
      ...sending,
      path: '/v1/auth/phone/forgot-password',
      summary: 'Ask for a code to set a new password; the answer does not tell whether there is an account',
      answers: { 202: acceptedSchema },
      async handle({ body }) {
        await forgotPasswordByPhone(dependencies, body);
        return accepted;
      },
    }),
  ];
}

function checkingEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/phone/verify-code',
      needs: 'public',
      limits: { rateLimit: addressLimits.signIn },
      tag,
      summary: 'Check a code before you register with it; it stays good',
      body: verifyCodeSchema,
      answers: { 200: codeVerifiedSchema, 422: problemSchema },
      async handle({ body }) {
        await verifyCode(dependencies, body);
        return { verified: true as const };
      },
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/phone/register',
      needs: 'public',
      limits: { rateLimit: addressLimits.signUp },
      noStore: true,
      tag,
      summary: 'Sign up with a number and its code; makes the business and its owner',
      body: phoneRegistrationSchema,
      answers: { 201: signedInSchema, 422: problemSchema },
      handle: async ({ request, body }) =>
        toSignedIn(await registerByPhone(dependencies, body, clientOf(request))),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/phone/sign-in',
      needs: 'public',
      limits: { rateLimit: addressLimits.signIn },
      noStore: true,
      tag,
      summary: 'Sign in with a number and its code',
      body: phoneSignInSchema,
      answers: { 200: signedInSchema },
      handle: async ({ request, body }) =>
        toSignedIn(await signInByCode(dependencies, body, clientOf(request))),
    }),
    rawEndpoint({
      method: 'POST',
      path: '/v1/auth/phone/reset-password',
      needs: 'public',
      limits: { rateLimit: addressLimits.signIn },
      changesAccess: true,
      tag,
      summary: 'Set a new password with a code; ends every session',
      body: phoneResetSchema,
      answers: { 204: z.null(), 422: problemSchema },
      async handle({ body }) {
        await resetPasswordByPhone(dependencies, body);
        return null;
      },
    }),
  ];
}
