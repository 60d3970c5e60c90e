/** One error code, as `docs/errors.md` lists it. */
export interface ErrorCodeEntry {
  readonly status: number;
  /** When it is returned, for developers of clients. */
  readonly meaning: string;
  /** Extension members of the error, with descriptions. */
  readonly data?: Readonly<Record<string, string>>;
}

/** General codes of HTTP; an error without a code of its own has the general one of its status. */
export const generalCodes = {
  'invalid-input': {
    status: 400,
    meaning: 'The request does not match what this address takes; `errors` names the fields.',
  },
  'bad-request': { status: 400, meaning: 'The request could not be read: broken JSON, or a broken form.' },
  'cursor-not-valid': { status: 400, meaning: '`cursor` is not one that a list has answered.' },
  unauthorized: { status: 401, meaning: 'No credential, or one that is not valid any more.' },
  forbidden: { status: 403, meaning: 'The credential is valid and may not do this.' },
  'not-found': { status: 404, meaning: 'Nothing of this id or address exists, or none that you may see.' },
  conflict: { status: 409, meaning: 'The state of things refuses the request.' },
  'stale-version': { status: 412, meaning: 'The resource has changed since it was read (`If-Match`).' },
  'content-too-large': { status: 413, meaning: 'The body is larger than this address takes.' },
  'media-type-not-supported': {
    status: 415,
    meaning: 'The `content-type` is not one that this address takes.',
  },
  unprocessable: { status: 422, meaning: 'Well formed, and impossible to do as it was asked.' },
  'too-many-requests': { status: 429, meaning: 'Too much at once; `retry-after` says when to try again.' },
  internal: { status: 500, meaning: 'A fault of the server; give `requestId` to its operator.' },
  'vendor-failed': { status: 502, meaning: 'A vendor that is needed for this could not be reached.' },
  unavailable: { status: 503, meaning: 'Not possible just now; `retry-after` says when to try again.' },
  'database-unavailable': { status: 503, meaning: 'The record cannot be read or written just now.' },
} as const satisfies Readonly<Record<string, ErrorCodeEntry>>;
