import { z } from 'zod';
import { idInput } from '../../../platform/http/rest-ids.ts';
import { isTimeZone } from '../../tenancy/tenants/tenants.ts';

/* What people send to sign up, to sign in and to set passwords. */

const name = z.string().trim().max(200);
const email = z
  .email()
  .max(254)
  .toLowerCase()
  .meta({ examples: ['robin@harbourstreet.example'] });
const phone = z
  .e164()
  .describe('E.164.')
  .meta({ examples: ['+14155550123'] });
const code = z
  .string()
  .regex(/^\d{6}$/, 'must be six digits')
  .meta({ examples: ['482913'] });
const channel = z.enum(['sms', 'whatsapp']).default('sms');

/** Long beats varied: no rule about digits and signs, which only makes passwords alike. */
const newPassword = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(200)
  .meta({ examples: ['a bicycle in the rain'] });
/** What was a password once may be checked, whatever the rule is now. */
const password = z
  .string()
  .min(1)
  .max(200)
  .meta({ examples: ['a bicycle in the rain'] });

const tenantId = idInput('tnt');

const business = {
  businessName: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .optional()
    .meta({ examples: ['Harbour Street Cycles'] }),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be an IANA time zone such as Europe/Berlin')
    .optional()
    .describe('IANA name; UTC by default.')
    .meta({ examples: ['Europe/Berlin'] }),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as EUR')
    .optional()
    .describe('ISO 4217; USD by default.')
    .meta({ examples: ['EUR'] }),
};

const optionalTenant = {
  tenantId: tenantId
    .optional()
    .describe('Which of your businesses; the one you were last in when it is left out.'),
};

export const signUpSchema = z
  .object({ email, password: newPassword, name: name.default(''), ...business })
  .meta({ id: 'SignUp' });

export const invitedSignUpSchema = z
  .object({ token: z.string().min(1).max(200), name: name.min(1), password: newPassword })
  .meta({ id: 'InvitedSignUp' });

export const signInSchema = z.object({ email, password, ...optionalTenant }).meta({ id: 'SignIn' });

export const refreshSchema = z.object({ refreshToken: z.string().min(1).max(200) }).meta({ id: 'Refresh' });

export const switchTenantSchema = z.object({ tenantId }).meta({ id: 'SwitchTenant' });

export const forgotPasswordSchema = z.object({ email }).meta({ id: 'ForgotPassword' });

export const resetPasswordSchema = z
  .object({ token: z.string().min(1).max(200).describe('From the link.'), password: newPassword })
  .meta({ id: 'ResetPassword' });

export const changePasswordSchema = z
  .object({ currentPassword: password, newPassword })
  .meta({ id: 'ChangePassword' });

export const sendCodeSchema = z.object({ phone, channel }).meta({ id: 'SendCode' });

export const verifyCodeSchema = z.object({ phone, code }).meta({ id: 'VerifyCode' });

export const phoneRegistrationSchema = z
  .object({ phone, code, name: name.default(''), password: newPassword.optional(), ...business })
  .meta({ id: 'PhoneRegistration' });

export const phoneSignInSchema = z.object({ phone, code, ...optionalTenant }).meta({ id: 'PhoneSignIn' });

export const phoneResetSchema = z
  .object({ phone, code, password: newPassword })
  .meta({ id: 'PhonePasswordReset' });

export const googleStartSchema = z
  .object({
    redirectUri: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .describe('The page of yours that Google sends the browser back to; of an origin known here.'),
  })
  .meta({
    id: 'GoogleSignInStart',
    examples: [{ redirectUri: 'https://app.example.com/signed-in' }],
  });

export const googleAnswerSchema = z
  .object({
    signInToken: z.string().min(1).max(200),
    state: z.string().min(1).max(200),
    code: z.string().min(1).max(2_000),
    ...optionalTenant,
    ...business,
  })
  .meta({ id: 'GoogleSignInAnswer' });
