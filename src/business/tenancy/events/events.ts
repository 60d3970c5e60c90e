/** The door of events: what a domain declares, records and processes. */
export * from './domain-event.ts';
export * from './event-type.ts';
export { happened } from './happened.ts';
export * from './processor.ts';
