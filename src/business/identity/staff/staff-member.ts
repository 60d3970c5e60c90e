import { z } from 'zod';
import { pageOf } from '../../../platform/data/paging.ts';
import { idOf } from '../../../platform/http/rest-ids.ts';
import { instant } from '../../../platform/http/rest-values.ts';

/* A member of staff in responses. */

export const emailSchema = z
  .email()
  .max(254)
  .toLowerCase()
  .meta({ examples: ['sam@parley.example'] });

export const staffSignInSchema = z
  .object({ email: emailSchema, password: z.string().min(1).max(200) })
  .meta({ id: 'StaffSignIn', examples: [{ email: 'sam@parley.example', password: 'a lighthouse at noon' }] });

const staffExample = {
  id: 'stf_01k9zt5w3pe0wsh7v6n0gq5m8x',
  name: 'Sam Lindqvist',
  email: 'sam@parley.example',
  createdBy: null,
  createdAt: '2026-03-01T08:00:00.000Z',
  disabledAt: null,
};

export const staffMemberSchema = z
  .object({
    id: idOf('stf'),
    name: z.string(),
    email: z.string(),
    createdBy: z.string().nullable().describe('Null for those made by a command on the server.'),
    createdAt: instant,
    disabledAt: instant.nullable(),
  })
  .meta({ id: 'Staff', examples: [staffExample] });

export type StaffMember = z.output<typeof staffMemberSchema>;

export const staffPageSchema = pageOf(staffMemberSchema).meta({ id: 'StaffPage' });

export const newStaffSchema = z
  .object({
    email: emailSchema,
    name: z.string().trim().min(1).max(200),
    password: z.string().min(12, 'must have at least 12 characters').max(200),
  })
  .meta({
    id: 'NewStaff',
    examples: [{ email: 'kim@parley.example', name: 'Kim Duarte', password: 'a harbour before the storm' }],
  });

export type NewStaff = z.output<typeof newStaffSchema>;

export const staffSignedInSchema = z
  .object({
    tokenType: z.literal('Bearer'),
    accessToken: z.string(),
    expiresAt: instant,
    staff: staffMemberSchema,
  })
  .meta({
    id: 'StaffSignedIn',
    examples: [
      {
        tokenType: 'Bearer',
        accessToken: 'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJraW5kIjoic3RhZmYifQ.c2lnbmF0dXJl',
        expiresAt: '2026-03-02T17:00:00.000Z',
        staff: staffExample,
      },
    ],
  });
