import { z } from 'zod';

/* Arguments that several tools share, described once so that the model reads the same description everywhere. */

export const reference = (what: string, example: string) =>
  z.string().min(1).max(40).describe(`The number of the ${what}, such as ${example}, as the caller says it.`);

export const callerName = z
  .string()
  .max(80)
  .optional()
  .describe(
    "The caller's full name, if they have said it. Needed to find something when the number is withheld.",
  );

export const callerPhone = z
  .string()
  .max(40)
  .optional()
  .describe('Only when the caller withheld their number: the phone number they give.');

export const localTime = z
  .string()
  .describe(
    'Date and time on the clocks of the business, such as 2026-11-24T10:30. Never a time you made up.',
  );
