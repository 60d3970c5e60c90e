/** The door of analytics: the figures of a business at a glance, and over a range of days. */
export { analyticsEndpoints } from './analytics-endpoints.ts';
