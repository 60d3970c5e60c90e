/** The door of events: what a domain declares, records and processes. */
export type { DomainEvent } from './domain-event.ts';
export { defineEvents, eventText, personalMark } from './event-type.ts';
export { happened } from './happened.ts';
export type { Processor } from './processor.ts';
