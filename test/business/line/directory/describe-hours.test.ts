import { describe, expect, it } from 'vitest';
import { describeHours } from '../../../../src/business/line/directory/describe-hours.ts';

const weekdays = [1, 2, 3, 4, 5].map((weekday) => ({ weekday, opensAtMinute: 540, closesAtMinute: 1_080 }));
const hours = {
  timeZone: 'America/New_York',
  weekly: [...weekdays, { weekday: 6, opensAtMinute: 600, closesAtMinute: 960 }],
  exceptions: [
    { localDate: '2026-11-26', opensAtMinute: null, closesAtMinute: null },
    { localDate: '2026-11-28', opensAtMinute: 600, closesAtMinute: 720 },
    { localDate: '2026-12-25', opensAtMinute: null, closesAtMinute: null },
  ],
};
const now = new Date('2026-11-24T15:00:00Z');

describe('opening hours in words', () => {
  it('tell the week in stretches of equal days, and the days soon to come that differ', () => {
    expect(describeHours(hours, 'en-US', now)).toBe(
      'Monday to Friday 09:00 to 18:00; Saturday 10:00 to 16:00; Sunday closed; Thursday, November 26 closed; Saturday, November 28 10:00 to 12:00',
    );
  });

  it('speak the language of the agent, and English where there are no words for it', () => {
    expect(describeHours({ ...hours, exceptions: [] }, 'de-DE', now)).toBe(
      'Montag bis Freitag 09:00 bis 18:00; Samstag 10:00 bis 16:00; Sonntag geschlossen',
    );
    expect(describeHours({ ...hours, exceptions: [] }, 'pt-BR', now)).toMatch(/^Monday to Friday/);
  });

  it('tell both halves of a day with a break', () => {
    const weekly = [
      { weekday: 1, opensAtMinute: 540, closesAtMinute: 720 },
      { weekday: 1, opensAtMinute: 780, closesAtMinute: 1_440 },
    ];
    expect(describeHours({ ...hours, weekly, exceptions: [] }, 'en-GB', now)).toBe(
      'Monday 09:00 to 12:00 and 13:00 to 24:00; Tuesday to Sunday closed',
    );
  });
});
