export interface HttpError {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

const SLUGS: Readonly<Record<number, string>> = {
  401: 'invalid_api_key',
  404: 'not_found',
  429: 'too_many_concurrent_requests',
};

/** The vendor's error over HTTP; without a slug the one usual for the status. */
export function errorBody(
  status: number,
  slug: string | undefined,
  message: string,
  retryAfterSeconds?: number,
): HttpError {
  return {
    status,
    body: { detail: { status: slug ?? SLUGS[status] ?? 'internal_server_error', message } },
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  };
}

export function validationError(location: readonly string[], message: string): HttpError {
  return {
    status: 422,
    body: { detail: [{ loc: location, msg: message, type: 'value_error' }] },
    headers: {},
  };
}
