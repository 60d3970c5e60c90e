import { z } from 'zod';
import { problemSchema } from '../../../platform/http/problem.ts';
import { type AnyEndpoint, rawEndpoint } from '../../tenancy/access/access.ts';
import { addressLimits } from './address-limits.ts';
import { acceptedSchema, codeVerifiedSchema, signedInSchema } from './auth-answers.ts';
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
import { accepted, publicPost, signInBy } from './public-endpoints.ts';

const tag = 'Signing in by phone';

/** Signing up and in with a phone number and a one-time code. */
export function phoneEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [...sendingEndpoints(dependencies), ...checkingEndpoints(dependencies)];
}

function sendingEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  const sending = { ...publicPost(tag, addressLimits.message), body: sendCodeSchema };
  return [
    rawEndpoint({
      ...sending,
      path: '/v1/auth/phone/send-verification',
      summary: 'Send a code to a number that nobody has signed up with yet',
      answers: { 202: acceptedSchema, 502: problemSchema },
      handle: ({ body }) => accepted(sendVerification(dependencies, body)),
    }),
    rawEndpoint({
      ...sending,
      path: '/v1/auth/phone/send-sign-in-code',
      summary: 'Ask for a code to sign in with; the answer does not tell whether there is an account',
      answers: { 202: acceptedSchema },
      handle: ({ body }) => accepted(sendSignInCode(dependencies, body)),
    }),
    rawEndpoint({
      ...sending,
      path: '/v1/auth/phone/forgot-password',
      summary: 'Ask for a code to set a new password; the answer does not tell whether there is an account',
      answers: { 202: acceptedSchema },
      handle: ({ body }) => accepted(forgotPasswordByPhone(dependencies, body)),
    }),
  ];
}

function checkingEndpoints(dependencies: AuthDependencies): readonly AnyEndpoint[] {
  return [
    rawEndpoint({
      ...publicPost(tag, addressLimits.signIn),
      path: '/v1/auth/phone/verify-code',
      summary: 'Check a code before you register with it; it stays good',
      body: verifyCodeSchema,
      answers: { 200: codeVerifiedSchema, 422: problemSchema },
      async handle({ body }) {
        await verifyCode(dependencies, body);
        return { verified: true as const };
      },
    }),
    rawEndpoint({
      ...publicPost(tag, addressLimits.signUp),
      path: '/v1/auth/phone/register',
      noStore: true,
      summary: 'Sign up with a number and its code; makes the business and its owner',
      body: phoneRegistrationSchema,
      answers: { 201: signedInSchema, 422: problemSchema },
      handle: signInBy(dependencies, registerByPhone),
    }),
    rawEndpoint({
      ...publicPost(tag, addressLimits.signIn),
      path: '/v1/auth/phone/sign-in',
      noStore: true,
      summary: 'Sign in with a number and its code',
      body: phoneSignInSchema,
      answers: { 200: signedInSchema },
      handle: signInBy(dependencies, signInByCode),
    }),
    rawEndpoint({
      ...publicPost(tag, addressLimits.signIn),
      path: '/v1/auth/phone/reset-password',
      changesAccess: true,
      summary: 'Set a new password with a code; ends every session',
      body: phoneResetSchema,
      answers: { 204: z.null(), 422: problemSchema },
      handle: ({ body }) => resetPasswordByPhone(dependencies, body),
    }),
  ];
}
