import type { ErrorCodeEntry } from '../../../platform/process/error-codes.ts';

const allowed = 'The states it can go to from here.';
const freeSlots = 'Up to three free times nearby: `startsAt`, `endsAt`, `localTime`, `resourceIds`.';
const value = 'What was sent.';

/** Codes of authentication, members, API keys and staff. */
const identityCodes = {
  'account-closed': { status: 401, meaning: 'The account was closed.' },
  'credentials-wrong': { status: 401, meaning: 'The address, the password or the one-time code is wrong.' },
  'password-wrong': { status: 401, meaning: 'The current password is wrong.' },
  'google-not-confirmed': { status: 401, meaning: 'Google does not confirm the sign-in; begin it again.' },
  'refresh-token-not-valid': { status: 401, meaning: 'The refresh token is unknown, expired or revoked.' },
  'refresh-token-reused': {
    status: 401,
    meaning: 'The refresh token was used before; its session has been ended.',
  },
  'members-only': { status: 403, meaning: 'For people who have signed in, not for API keys.' },
  'staff-only': { status: 403, meaning: 'For the staff of the platform.' },
  'tenant-needed': {
    status: 403,
    meaning: 'For somebody who acts in a business; staff impersonate one first.',
  },
  'permission-missing': {
    status: 403,
    meaning: 'A permission is missing.',
    data: { missing: 'The permissions that are missing.' },
  },
  'owners-only': { status: 403, meaning: 'Only owners make, change and remove owners.' },
  'not-a-member': { status: 403, meaning: 'The person is a member of no business.' },
  'own-account': { status: 403, meaning: 'Nobody closes their own account.' },
  'live-key-needed': { status: 403, meaning: 'A test key cannot do what costs money.' },
  'tenant-suspended': { status: 403, meaning: 'The business is suspended, whoever asks.' },
  'invitation-not-valid': { status: 404, meaning: 'The invitation is unknown, used or expired.' },
  'account-exists': { status: 409, meaning: 'The address or number has an account already.' },
  'account-not-linked': {
    status: 409,
    meaning:
      'The address has an account that is not linked with Google; resetting its password once links it.',
  },
  'no-password': { status: 409, meaning: 'The account has no password that could be changed.' },
  'already-member': { status: 409, meaning: 'The person is a member of this business already.' },
  'already-invited': { status: 409, meaning: 'The address has an invitation already.' },
  'last-owner': { status: 409, meaning: 'A business keeps at least one owner.' },
  'already-suspended': { status: 409, meaning: 'The business is suspended already.' },
  'not-suspended': { status: 409, meaning: 'The business is not suspended.' },
  'already-revoked': { status: 409, meaning: 'The key was revoked.' },
  'key-scope-too-wide': {
    status: 409,
    meaning: 'A key that is embedded in a page may have the scope `chat:write` alone.',
  },
  'link-not-valid': { status: 422, meaning: 'The link was used or is too old.' },
  'code-not-valid': { status: 422, meaning: 'The one-time code is wrong, too old, or was tried too often.' },
  'sent-recently': { status: 429, meaning: 'A code or an invitation was sent a short while ago.' },
  'too-many-attempts': { status: 429, meaning: 'Too many failed attempts to sign in.' },
  'expiry-past': { status: 400, meaning: 'The key would have expired already.' },
  'redirect-not-allowed': { status: 400, meaning: 'Nobody is sent back to pages of this origin.' },
  'sender-missing': { status: 503, meaning: 'Nothing is set up to send messages of this kind.' },
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

/** Codes that several parts of the API share. */
const sharedCodes = {
  'not-a-phone-number': {
    status: 400,
    meaning: 'Not a phone number with its country code.',
    data: { value },
  },
  'not-a-time-zone': { status: 400, meaning: 'Not an IANA name of a time zone.', data: { value } },
  'not-a-time': {
    status: 400,
    meaning: 'Not a date and time, or one that the clocks of the business skip.',
    data: { value },
  },
  'not-a-date': { status: 400, meaning: 'Not a date of the calendar.', data: { value } },
  'not-a-language': { status: 400, meaning: 'Not a language tag.', data: { value } },
  'range-not-valid': { status: 400, meaning: 'The range ends before it begins, or is too long.' },
  'search-empty': { status: 400, meaning: 'The search has no letter or digit.' },
  'item-archived': { status: 400, meaning: 'Archived; it takes no change before it is restored.' },
  'idempotency-key-not-valid': {
    status: 400,
    meaning: '`idempotency-key` must be 1 to 255 visible characters.',
  },
  'reference-unknown': {
    status: 404,
    meaning: 'Nothing has this reference, or nothing of this customer.',
    data: { reference: value },
  },
  'reference-name-mismatch': {
    status: 404,
    meaning: 'Nothing has this reference under this name.',
    data: { reference: value },
  },
  'status-not-allowed': {
    status: 409,
    meaning: 'From where it is, it cannot go to this state.',
    data: { status: 'The state it is in.', allowed },
  },
  'already-cancelled': { status: 409, meaning: 'It was cancelled and stays so.', data: { allowed } },
  'slug-taken': { status: 409, meaning: 'The slug is in use.', data: { slug: value } },
  'idempotency-in-progress': {
    status: 409,
    meaning: 'The first request with this `idempotency-key` is still being served; send it again.',
  },
  'idempotency-key-reused': { status: 422, meaning: 'The `idempotency-key` was used for another request.' },
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

/** Codes of customers, bookings, orders, tickets and messages. */
const deskCodes = {
  'customer-missing': { status: 400, meaning: 'Neither `customerId` nor `customer` says whom it is for.' },
  'customer-named-twice': { status: 400, meaning: 'Both `customerId` and `customer` are given.' },
  'same-customer': { status: 400, meaning: 'A customer cannot be merged with itself.' },
  'customer-merged': {
    status: 404,
    meaning: 'The customer was merged into another.',
    data: { mergedInto: 'The id that counts now.' },
  },
  'customer-exists': {
    status: 409,
    meaning: 'Another customer has this number or address.',
    data: { customerId: 'The one who has it.' },
  },
  'customer-erased': { status: 409, meaning: 'The customer was erased.' },
  'customer-on-call': { status: 409, meaning: 'The customer is on the phone.' },
  'caller-phone-missing': { status: 400, meaning: 'The caller withholds the number, and gave none.' },
  'time-past': {
    status: 400,
    meaning: 'The time is past.',
    data: { now: 'Now, on the clocks of the business.' },
  },
  'too-far-ahead': {
    status: 400,
    meaning: 'Further ahead than can be booked.',
    data: { maxDaysAhead: 'How many days ahead are possible.' },
  },
  'hours-reversed': { status: 400, meaning: 'Opening hours that end before they begin.' },
  'hours-overlap': { status: 400, meaning: 'Opening hours of one day that overlap.' },
  'resource-not-suitable': {
    status: 400,
    meaning: 'The resource is not active, or does not perform the service.',
  },
  'resources-unknown': { status: 400, meaning: 'Not all of the resources exist.' },
  'service-not-offered': {
    status: 404,
    meaning: 'The service does not exist, or cannot be booked now.',
    data: { offered: 'The names of what can be booked.' },
  },
  'slot-taken': { status: 409, meaning: 'Nobody is free at this time.', data: { freeSlots } },
  'outside-opening-hours': { status: 409, meaning: 'The business is closed then.', data: { freeSlots } },
  'booking-settled': {
    status: 409,
    meaning: 'The booking was completed or missed, and cannot be moved or cancelled.',
    data: { status: 'The state it is in.' },
  },
  'booking-past': { status: 409, meaning: 'The booking was for a time that is past.' },
  'booking-not-begun': { status: 409, meaning: 'The booking is for a time to come.', data: { allowed } },
  'order-empty': { status: 400, meaning: 'The order has no product.' },
  'order-too-large': { status: 400, meaning: 'The total is more than one order can be.' },
  'quantity-out-of-range': {
    status: 400,
    meaning: 'The quantity of one product is too small or too large.',
    data: { min: 'The least.', max: 'The most.' },
  },
  'product-not-sold': {
    status: 404,
    meaning: 'There is no such product.',
    data: { offered: 'The names of what is on sale.' },
  },
  'product-not-available': {
    status: 409,
    meaning: 'The product is not on sale now.',
    data: { offered: 'The names of what is on sale.' },
  },
  'currencies-mixed': { status: 409, meaning: 'The products are priced in different currencies.' },
  'order-in-preparation': {
    status: 409,
    meaning: 'The order is being prepared and cannot be cancelled like this.',
  },
  'order-shipped': { status: 409, meaning: 'The order was shipped or delivered and cannot be cancelled.' },
  'order-closed': { status: 409, meaning: 'The order is at its end and takes no change.', data: { allowed } },
  'ticket-subject-missing': { status: 400, meaning: 'The ticket has no subject.' },
  'ticket-closed': { status: 409, meaning: 'The ticket is closed and takes no change.', data: { allowed } },
  'assignee-unknown': { status: 400, meaning: 'The assignee is not an active member.' },
  'message-empty': { status: 400, meaning: 'The message has no text.' },
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

/** Codes of agents, numbers, calls, conversations and knowledge. */
const lineCodes = {
  'agent-not-valid': { status: 400, meaning: 'The agent could not answer as it is described.' },
  'agent-unknown': { status: 400, meaning: 'An agent that is named does not exist.' },
  'agent-named-twice': { status: 400, meaning: 'An agent is named twice.' },
  'agent-archived': { status: 409, meaning: 'The agent is archived.' },
  'agent-in-use': {
    status: 409,
    meaning: 'The agent answers phone numbers.',
    data: { numbers: 'How many.' },
  },
  'agent-not-published': { status: 422, meaning: 'The agent has no published version.' },
  'number-unknown': { status: 400, meaning: 'A phone number that is named does not exist.' },
  'number-not-linked': { status: 404, meaning: 'The agent does not answer this number.' },
  'number-taken': { status: 409, meaning: 'The number is in use.' },
  'number-not-sold': { status: 409, meaning: 'The carrier does not sell this number.' },
  'number-released': { status: 409, meaning: 'The number was given back.' },
  'number-in-order': { status: 409, meaning: 'The number is being ordered.' },
  'number-answers-elsewhere': {
    status: 409,
    meaning: 'At the carrier, the number points to another server.',
  },
  'number-not-configurable': { status: 409, meaning: 'The number is not in use, or not from the carrier.' },
  'number-not-at-carrier': { status: 409, meaning: 'The account at the carrier has the number no more.' },
  'number-not-owned': { status: 422, meaning: 'The account at the carrier does not have the number.' },
  'number-type-not-sold': { status: 422, meaning: 'The carrier sells no such numbers in this country.' },
  'transfer-target-unknown': { status: 404, meaning: 'The agent has no such transfer target.' },
  'recording-missing': { status: 404, meaning: 'The call has no recording, or it was deleted.' },
  'recording-link-not-valid': { status: 404, meaning: 'The link has expired, or was never made.' },
  'job-not-dead': { status: 409, meaning: 'The job has not failed for good; it has attempts left.' },
  'job-running': { status: 409, meaning: 'The job is running at this moment.' },
  'call-in-progress': { status: 409, meaning: 'The call is still going on.' },
  'call-over': { status: 409, meaning: 'The call is over.' },
  'call-not-here': { status: 409, meaning: 'The call is at another server, or has ended this moment.' },
  'too-many-watching': { status: 429, meaning: 'Too many streams of live calls are open.' },
  'conversation-on-other-channel': { status: 409, meaning: 'The conversation is on another channel.' },
  'conversation-closed': { status: 409, meaning: 'The conversation is closed.' },
  'multipart-needed': { status: 400, meaning: 'Files are sent as `multipart/form-data`.' },
  'file-missing': { status: 400, meaning: 'The form has no file.' },
  'file-being-read': { status: 409, meaning: 'The file is being read just now.' },
  'question-answered': { status: 409, meaning: 'The question has its answer already.' },
  'source-too-large': {
    status: 409,
    meaning: 'Too much text for one source.',
    data: { passages: 'How many it has.', maxPassages: 'How many it may have.' },
  },
  'knowledge-full': {
    status: 409,
    meaning: 'All the room for knowledge is taken.',
    data: { maxPassages: 'How many passages there is room for.' },
  },
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;

/** The error codes of the product. They are read by the documentation only; a thrown code is checked by its type. */
export const productCodes = { ...sharedCodes, ...identityCodes, ...deskCodes, ...lineCodes };

type ProductCodes = typeof productCodes;

declare module '../../../platform/process/errors.ts' {
  interface ErrorCodes extends ProductCodes {}
}
