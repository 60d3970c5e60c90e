import * as z from 'zod';
import { httpUrl } from '../../platform/process/environment.ts';
import type { VendorSettings } from '../fulfils.ts';
import { defineVendor } from '../vendor.ts';
import { createGoogleIdentityProvider } from './open-id.ts';

export interface GoogleSettings extends VendorSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The issuer, whose discovery document has all other addresses. */
  readonly baseUrl: string;
}

/** Sign-in with Google; not offered without an OAuth client. */
export const google = defineVendor({
  name: 'google',
  environment: {
    GOOGLE_CLIENT_ID: { schema: z.string().optional() },
    GOOGLE_CLIENT_SECRET: { schema: z.string().optional() },
    GOOGLE_BASE_URL: { schema: httpUrl.optional() },
  },
  settings(values): GoogleSettings | undefined {
    const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = values;
    if (clientId === undefined || clientSecret === undefined) return undefined;
    return { clientId, clientSecret, baseUrl: values.GOOGLE_BASE_URL ?? 'https://accounts.google.com' };
  },
  simulated: { when: 'others-are', account: { clientId: 'simulated', clientSecret: 'simulated' } },
  signsIn: {
    connect: (settings, context) => createGoogleIdentityProvider({ ...settings, ...context }),
  },
});
