import { describe, expect, it } from 'vitest';
import {
  formatLocalTime,
  parseLocalTime,
  spokenTime,
} from '../../../../src/business/catalog/opening-hours/local-time.ts';
import { InvalidInput } from '../../../../src/platform/process/errors.ts';

const london = 'Europe/London';

describe('a time the model writes', () => {
  it('is read on the clocks of the business', () => {
    expect(parseLocalTime('2026-07-01T10:30', london).toISOString()).toBe('2026-07-01T09:30:00.000Z');
    expect(parseLocalTime('2026-12-01T10:30', london).toISOString()).toBe('2026-12-01T10:30:00.000Z');
  });

  it('is an instant when it carries its offset', () => {
    expect(parseLocalTime('2026-07-01T10:30:00Z', london).toISOString()).toBe('2026-07-01T10:30:00.000Z');
    expect(parseLocalTime('2026-07-01T10:30-04:00', london).toISOString()).toBe('2026-07-01T14:30:00.000Z');
  });

  it('is refused in the hour that spring skips, and is the first of the two in autumn', () => {
    expect(() => parseLocalTime('2026-03-29T01:30', london)).toThrow(InvalidInput);
    expect(parseLocalTime('2026-10-25T01:30', london).toISOString()).toBe('2026-10-25T00:30:00.000Z');
  });

  it('is refused with the form it should have', () => {
    for (const text of ['tomorrow at ten', '', '2026-13-01T10:00', '10:30']) {
      expect(() => parseLocalTime(text, london)).toThrow(/2026-11-24T10:30/);
    }
  });

  it('goes back to the caller as it is said', () => {
    const at = new Date('2026-11-24T15:30:00Z');
    expect(spokenTime(at, 'America/New_York')).toBe('Tuesday, November 24 at 10:30 AM');
    expect(formatLocalTime(at, 'America/New_York')).toBe('2026-11-24T10:30');
  });
});
