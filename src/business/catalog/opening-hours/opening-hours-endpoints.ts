import { z } from 'zod';
import { localDate } from '../../../platform/http/rest-values.ts';
import { endpoint } from '../../tenancy/access/access.ts';
import {
  importedSchema,
  importSchema,
  specialDayInputSchema,
  specialDayPageSchema,
  specialDayQuery,
  specialDaySchema,
  weekInputSchema,
  weekSchema,
} from './hours.ts';
import {
  changeWeek,
  getSpecialDay,
  getWeek,
  importSpecialDays,
  listSpecialDays,
  putSpecialDay,
  removeSpecialDay,
} from './opening-hours-service.ts';

const tag = 'Opening hours';
const reading = 'opening-hours:read';
const writing = 'opening-hours:write';
const day = '/v1/opening-hours/exceptions/:date';

export const openingHoursEndpoints = [
  endpoint({
    method: 'GET',
    path: '/v1/opening-hours',
    needs: reading,
    tag,
    summary: 'Read the week',
    description: 'On the clocks of the business: see `timeZone` of the company.',
    answers: { 200: weekSchema },
    handle: ({ tx }) => getWeek(tx),
  }),
  endpoint({
    method: 'PUT',
    path: '/v1/opening-hours',
    needs: writing,
    tag,
    summary: 'Replace the week',
    description: 'A night is split at midnight: until 24:00 on the one day, from 00:00 on the next.',
    body: weekInputSchema,
    answers: { 200: weekSchema },
    handle: ({ tx, actor, body, ifMatch }) => changeWeek(tx, actor, body, ifMatch),
  }),
  endpoint({
    method: 'GET',
    path: '/v1/opening-hours/exceptions',
    needs: reading,
    tag,
    summary: 'List special days, soonest first',
    query: specialDayQuery,
    answers: { 200: specialDayPageSchema },
    handle: ({ tx, query }) => listSpecialDays(tx, query),
  }),
  endpoint({
    method: 'POST',
    path: '/v1/opening-hours/exceptions/import',
    needs: writing,
    idempotent: true,
    tag,
    summary: 'Import a list of special days',
    description: 'All of them or none. Days that are not in the list stay as they are.',
    body: importSchema,
    answers: { 200: importedSchema },
    handle: ({ tx, actor, body }) => importSpecialDays(tx, actor, body.days),
  }),
  endpoint({
    method: 'GET',
    path: day,
    needs: reading,
    tag,
    summary: 'Read a special day',
    params: { date: localDate },
    answers: { 200: specialDaySchema },
    handle: ({ tx, params }) => getSpecialDay(tx, params.date),
  }),
  endpoint({
    method: 'PUT',
    path: day,
    needs: writing,
    tag,
    summary: 'Give a day hours of its own',
    params: { date: localDate },
    body: specialDayInputSchema,
    answers: { 200: specialDaySchema },
    handle: ({ tx, actor, params, body, ifMatch }) =>
      putSpecialDay(tx, actor, { date: params.date, ...body }, ifMatch),
  }),
  endpoint({
    method: 'DELETE',
    path: day,
    needs: writing,
    tag,
    summary: 'Give a day the hours of its weekday again',
    params: { date: localDate },
    answers: { 204: z.null().describe('Removed.') },
    handle: ({ tx, actor, params }) => removeSpecialDay(tx, actor, params.date),
  }),
];
