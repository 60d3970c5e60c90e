import {
  Conflict,
  type ErrorCode,
  Forbidden,
  InvalidInput,
  NotFound,
} from '../../platform/process/errors.ts';

/*
 * Words a service's refusal for the model. The service's sentence is neutral and meant for any client; the next step
 * for an agent is decided here, by the error's code.
 */

/** The errors that are worded for the model; any other is a failure. */
export type ToolRefusal = NotFound | Conflict | Forbidden | InvalidInput;

const takeAMessage = 'Offer to take a message for the team.';
const askForReference =
  'Ask for the number again, look without a number for what belongs to the caller, or offer to take a message.';
const offerFreeTimes = 'Offer the free times named here. If none is named, ask for another week.';

/** The next step by code. For a code that is not listed the reason is enough. */
const nextSteps: Partial<Record<ErrorCode, string>> = {
  'not-a-phone-number': 'Ask for the number again, with the country code in front.',
  'caller-phone-missing': 'Ask for a phone number and pass it as callerPhone.',
  'reference-unknown': askForReference,
  'reference-name-mismatch':
    'With a withheld number both are needed: the reference and the full name it was made under. Ask for both.',
  'not-a-time': 'Give the date and time like 2026-11-24T10:30; ask the caller if you are not sure.',
  'not-a-date': 'Give the date like 2026-11-24; ask the caller if you are not sure.',
  'time-past': 'Ask for a time to come.',
  'too-far-ahead': 'Ask for the date again.',
  'slot-taken': offerFreeTimes,
  'outside-opening-hours': offerFreeTimes,
  'service-not-offered': 'Say what can be booked, and ask which of it the caller wants.',
  'booking-settled': 'Offer to make a new booking.',
  'booking-past': 'Offer to make a new booking.',
  'already-cancelled': 'Tell the caller that nothing is left to do.',
  'order-empty': 'Ask which product the caller wants.',
  'order-too-large': 'Offer to take several orders.',
  'quantity-out-of-range': 'Ask how many the caller wants.',
  'product-not-sold': 'Say what is on sale, and ask which of it the caller wants.',
  'product-not-available': 'Say what is on sale, and ask whether something else will do.',
  'currencies-mixed': 'Take a separate order for each currency.',
  'order-in-preparation': takeAMessage,
  'order-shipped': 'Offer to open a ticket for a return.',
  'order-closed': takeAMessage,
  'ticket-subject-missing': 'Ask what it is about.',
  'ticket-closed': 'Offer to open a new ticket.',
  'message-empty': 'Ask what to pass on.',
  'customer-merged': takeAMessage,
  'customer-erased': takeAMessage,
  'transfer-target-unknown': takeAMessage,
};

export function isRefusal(error: unknown): error is ToolRefusal {
  return [NotFound, Conflict, Forbidden, InvalidInput].some((kind) => error instanceof kind);
}

export function wordRefusal({ code, message }: ToolRefusal): object {
  const next = nextSteps[code];
  return { status: 'refused', code, reason: message, ...(next === undefined ? {} : { next }) };
}
