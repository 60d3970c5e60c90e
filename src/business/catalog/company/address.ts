import { z } from 'zod';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';

const line = z.string().trim().max(200);

/** A postal address in free form. */
export const addressSchema = z
  .object({
    line1: line.min(1),
    line2: line.default(''),
    city: line.min(1),
    region: line.default('').describe('State, province or county.'),
    postalCode: z.string().trim().max(20).default(''),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'must be a country code such as US')
      .describe('ISO 3166-1 alpha-2.'),
  })
  .meta({
    id: 'Address',
    examples: [
      {
        line1: '12 Harbour Street',
        line2: '',
        city: 'Portland',
        region: 'ME',
        postalCode: '04101',
        country: 'US',
      },
    ],
  });

export type Address = z.output<typeof addressSchema>;

/** Encrypted as one text, because rows are never searched by a part of it. */
export function encryptAddress(cipher: PersonalDataCipher, address: Address | null): string | null {
  return address === null ? null : cipher.encrypt(JSON.stringify(address));
}

export function decryptAddress(cipher: PersonalDataCipher, stored: string | null): Address | null {
  return stored === null ? null : addressSchema.parse(JSON.parse(cipher.decrypt(stored)));
}
