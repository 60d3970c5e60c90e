/** Opening hours, and local times of the business. */
export { formatLocalTime, localDateOf, parseLocalDate, parseLocalTime, spokenTime } from './local-time.ts';
export { weekOf } from './hours.ts';
export { openingHoursEndpoints } from './opening-hours-endpoints.ts';
export { openingHoursEvents, specialDayEvents, specialDaysEvents } from './opening-hours-events.ts';
export { listEverySpecialDay, listEveryWeek, loadOpeningTimes } from './opening-hours-queries.ts';
export { changeWeek, importSpecialDays } from './opening-hours-service.ts';
export { type Interval, joined, openingsOn, type OpeningTimes, type WeeklyHours } from './opening-times.ts';
