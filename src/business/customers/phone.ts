import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { InvalidInput } from '../../platform/process/errors.ts';

/**
 * Parses a phone number as people say or type it to E.164. `near` is a number in the same country (the caller's own),
 * whose country code is assumed if there is none.
 */
export function findPhone(text: string, near?: string): string | undefined {
  const callingCode = near === undefined ? undefined : parsePhoneNumberFromString(near)?.countryCallingCode;
  const parsed = parsePhoneNumberFromString(
    text.trim(),
    callingCode === undefined ? {} : { defaultCallingCode: callingCode },
  );
  return parsed?.isPossible() === true ? parsed.number : undefined;
}

/** Like `findPhone`, but throws `InvalidInput` with this pointer. */
export function parsePhone(text: string, pointer: string, near?: string): string {
  const phone = findPhone(text, near);
  if (phone === undefined) {
    throw notAPhoneNumber(text, pointer);
  }
  return phone;
}

export function notAPhoneNumber(text: string, pointer: string): InvalidInput {
  return new InvalidInput(
    `"${text}" is not a phone number with its country code.`,
    [{ pointer, detail: 'must be a number with its country code, such as +14155550123' }],
    { code: 'not-a-phone-number', data: { value: text } },
  );
}
