import { z } from 'zod';
import { idInput } from '../../../platform/http/rest-ids.ts';
import { isTimeZone } from '../../tenancy/tenants/tenants.ts';

/* Requests for signing up, signing in and setting passwords. */

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

/** Only the length is checked, because rules about digits and symbols make passwords alike. */
const newPassword = z
  .string()
  .min(10, 'must have at least 10 characters')
  .max(200)
  .meta({ examples: ['a bicycle in the rain'] });
/** Passwords from before a change of the rule must still be accepted. */
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
  .meta({
    id: 'SignUp',
    examples: [
      {
        email: 'robin@harbourstreet.example',
        password: 'a bicycle in the rain',
        name: 'Robin Okafor',
        businessName: 'Harbour Street Cycles',
        timeZone: 'Europe/Berlin',
        currency: 'EUR',
      },
    ],
  });

export const invitedSignUpSchema = z
  .object({ token: z.string().min(1).max(200), name: name.min(1), password: newPassword })
  .meta({
    id: 'InvitedSignUp',
    examples: [
      {
        token: 'q7Lm2XvT9cRb4NwKz8HdUa1PsGf6JyOe3iQt5BxMoVk',
        name: 'Kim Duarte',
        password: 'a bicycle in the rain',
      },
    ],
  });

export const signInSchema = z.object({ email, password, ...optionalTenant }).meta({
  id: 'SignIn',
  examples: [{ email: 'robin@harbourstreet.example', password: 'a bicycle in the rain' }],
});

export const refreshSchema = z.object({ refreshToken: z.string().min(1).max(200) }).meta({
  id: 'Refresh',
  examples: [{ refreshToken: 'prt_3q2-7wAAq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq80' }],
});

export const switchTenantSchema = z
  .object({ tenantId })
  .meta({ id: 'SwitchTenant', examples: [{ tenantId: 'tnt_01k9zt5w3pe0wsh7v6n0gq5m8z' }] });

export const forgotPasswordSchema = z
  .object({ email })
  .meta({ id: 'ForgotPassword', examples: [{ email: 'robin@harbourstreet.example' }] });

export const resetPasswordSchema = z
  .object({ token: z.string().min(1).max(200).describe('From the link.'), password: newPassword })
  .meta({
    id: 'ResetPassword',
    examples: [{ token: '7Yw1xKq0Zr5dT8uVn2cPa4LmGsHeJ6bXf9iOo3QtRyU', password: 'three herons on a fence' }],
  });

export const changePasswordSchema = z.object({ currentPassword: password, newPassword }).meta({
  id: 'ChangePassword',
  examples: [{ currentPassword: 'a bicycle in the rain', newPassword: 'three herons on a fence' }],
});

export const sendCodeSchema = z
  .object({ phone, channel })
  .meta({ id: 'SendCode', examples: [{ phone: '+14155550123', channel: 'sms' }] });

export const verifyCodeSchema = z
  .object({ phone, code })
  .meta({ id: 'VerifyCode', examples: [{ phone: '+14155550123', code: '482913' }] });

export const phoneRegistrationSchema = z
  .object({ phone, code, name: name.default(''), password: newPassword.optional(), ...business })
  .meta({
    id: 'PhoneRegistration',
    examples: [
      {
        phone: '+14155550123',
        code: '482913',
        name: 'Robin Okafor',
        password: 'a bicycle in the rain',
        businessName: 'Harbour Street Cycles',
        timeZone: 'Europe/Berlin',
        currency: 'EUR',
      },
    ],
  });

export const phoneSignInSchema = z
  .object({ phone, code, ...optionalTenant })
  .meta({ id: 'PhoneSignIn', examples: [{ phone: '+14155550123', code: '482913' }] });

export const phoneResetSchema = z.object({ phone, code, password: newPassword }).meta({
  id: 'PhonePasswordReset',
  examples: [{ phone: '+14155550123', code: '482913', password: 'three herons on a fence' }],
});

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
  .meta({
    id: 'GoogleSignInAnswer',
    examples: [
      {
        signInToken: 'pgs_8Jx2-4nVbQ7cLmT0yRwKzE5sHdUaGf1iPo6vXq9jBtM',
        state: 'Xk3vJ9pQ2mB7wL5tR8nC1g',
        code: '4/0AVMBsJh3kPq7xRwZ',
        businessName: 'Harbour Street Cycles',
      },
    ],
  });
