import { blindIndex } from '../../../platform/crypto/personal-data.ts';

const secretName = /password|secret|token|apikey|keysha|hash|credential|^key$|^code$|otp/i;
const personalName = /phone|e-?mail|address|^from$|^to$/i;
const longestTextChars = 2_000;

/**
 * What goes on record of a resource: secrets not at all, personal data as a short mark that tells whether it changed
 * (the record is never erased, a person's data may have to be), long texts by their beginning.
 */
export function masked(value: unknown, name = ''): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (secretName.test(name)) return '[secret]';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item) => masked(item, name));
  if (typeof value === 'object') {
    const inside = personalName.test(name) ? name : '';
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, masked(item, inside === '' ? key : inside)]),
    );
  }
  if (personalName.test(name) && typeof value === 'string') {
    return value === '' ? '' : `[personal ${blindIndex(value).slice(0, 4)}]`;
  }
  if (typeof value === 'string' && value.length > longestTextChars) {
    return `${value.slice(0, longestTextChars)}… (${value.length} characters)`;
  }
  return value;
}
