import * as z from 'zod';
import { httpUrl } from '../../platform/process/environment.ts';
import type { VendorSettings } from '../fulfils.ts';
import { defineVendor } from '../vendor.ts';
import { createOtpiqCodes } from './codes.ts';

export interface OtpiqSettings extends VendorSettings {
  readonly apiKey: string;
}

/** Text messages and WhatsApp in Iraq; none are sent through it without a key. */
export const otpiq = defineVendor({
  name: 'otpiq',
  environment: {
    OTPIQ_API_KEY: { schema: z.string().optional() },
    OTPIQ_BASE_URL: { schema: httpUrl.optional() },
  },
  settings: ({ OTPIQ_API_KEY: apiKey, OTPIQ_BASE_URL: baseUrl }): OtpiqSettings | undefined =>
    apiKey === undefined ? undefined : { apiKey, baseUrl: baseUrl ?? 'https://api.otpiq.com/api' },
  sends: {
    connect: (settings) => createOtpiqCodes(settings),
  },
});
