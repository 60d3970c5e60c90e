import { z } from 'zod';
import { defineEvents } from '../../tenancy/events/events.ts';
import { specialDaySchema, weekSchema } from './hours.ts';

export const openingHoursEvents = defineEvents('opening-hours', {
  updated: { says: 'The week was given other hours.', before: weekSchema, after: weekSchema },
});

export const specialDayEvents = defineEvents('special-day', {
  created: { says: 'A day was given hours of its own.', after: specialDaySchema },
  updated: {
    says: 'A special day was given other hours.',
    before: specialDaySchema,
    after: specialDaySchema,
  },
  deleted: { says: 'A day has the hours of its weekday again.', before: specialDaySchema },
});

export const specialDaysEvents = defineEvents('special-days', {
  imported: {
    says: 'A list of special days was imported.',
    details: z.object({ days: z.array(specialDaySchema) }),
  },
});
