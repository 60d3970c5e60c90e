/** The door of events: what a domain declares, records and processes. */
export { defineEvents } from './event-type.ts';
export { happened } from './happened.ts';
