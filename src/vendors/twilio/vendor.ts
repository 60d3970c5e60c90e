import * as z from 'zod';
import { commaList, httpUrl } from '../../platform/process/environment.ts';
import { defineVendor } from '../vendor.ts';
import { connectCarrier } from './carrier.ts';
import { connectMessages } from './messages.ts';
import type { TwilioSettings } from './settings.ts';

const account = { accountSid: `AC${'0'.repeat(32)}`, authTokens: ['simulated'], messagesFrom: undefined };

export const twilio = defineVendor({
  name: 'twilio',
  environment: {
    TWILIO_ACCOUNT_SID: {
      schema: z
        .string()
        .regex(/^AC\w+$/, 'must start with AC, as the Twilio console shows it')
        .optional(),
      remedy: 'find it in the Twilio console under Account',
    },
    TWILIO_AUTH_TOKEN: {
      schema: commaList.refine((tokens) => tokens.length > 0, 'must hold at least one token').optional(),
      remedy: 'find it in the Twilio console under Account',
    },
    TWILIO_BASE_URL: { schema: httpUrl.optional() },
    TWILIO_MESSAGES_FROM: {
      schema: z
        .string()
        .regex(/^\+[1-9][0-9]{6,14}$/, 'must be a number such as +15005550100')
        .optional(),
    },
  },
  settings: (values): TwilioSettings => ({
    accountSid: values.TWILIO_ACCOUNT_SID ?? account.accountSid,
    authTokens: values.TWILIO_AUTH_TOKEN ?? account.authTokens,
    baseUrl: values.TWILIO_BASE_URL ?? 'https://api.twilio.com',
    messagesFrom: values.TWILIO_MESSAGES_FROM,
  }),
  simulated: {
    when: 'not-set-up',
    isSetUp: ({ TWILIO_AUTH_TOKEN, TWILIO_BASE_URL }) => (TWILIO_AUTH_TOKEN ?? TWILIO_BASE_URL) !== undefined,
    account,
  },
  carries: {
    // Assumed: US local inbound 0.0085 plus media streams 0.004.
    pricePerMinute: 0.0125,
    connect: connectCarrier,
  },
  sends: { connect: connectMessages },
});
export { STATUS_PATH, VOICE_PATH } from './webhooks.ts';
