import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { InvalidInput } from '../../platform/process/errors.ts';

/**
 * A phone number as people say or type it, as E.164. `near` is a number in the same country (the caller's own), for
 * the many who leave the country code out.
 */
export function findPhone(text: string, near?: string): string | undefined {
  const callingCode = near === undefined ? undefined : parsePhoneNumberFromString(near)?.countryCallingCode;
  const parsed = parsePhoneNumberFromString(
    text.trim(),
    callingCode === undefined ? {} : { defaultCallingCode: callingCode },
  );
  return parsed?.isPossible() === true ? parsed.number : undefined;
}

export function parsePhone(text: string, near?: string): string {
  const phone = findPhone(text, near);
  if (phone === undefined) {
    throw new InvalidInput(
      `"${text}" is not a phone number; ask for it again, with the country code in front.`,
    );
  }
  return phone;
}
