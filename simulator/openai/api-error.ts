/** An error as the vendor words it over HTTP. */
export interface ApiError {
  readonly status: number;
  readonly body: {
    readonly error: {
      readonly message: string;
      readonly type: string;
      readonly code: string | null;
      readonly param: string | null;
    };
  };
  readonly headers: Readonly<Record<string, string>>;
}

export function invalidRequest(
  message: string,
  param: string | null = null,
  code: string | null = null,
): ApiError {
  return apiError(400, 'invalid_request_error', code, message, param);
}

export function invalidKey(): ApiError {
  return apiError(401, 'invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.');
}

export function modelNotFound(model: string): ApiError {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return apiError(404, 'invalid_request_error', 'model_not_found', message, 'model');
}

/** The error that a scenario asks for. `insufficient_quota` is a 429 that is not retryable. */
export function refusedByScenario(status: number, code?: string, retryAfterSeconds?: number): ApiError {
  const retryAfter =
    retryAfterSeconds === undefined ? undefined : { 'retry-after': String(retryAfterSeconds) };
  if (code === 'insufficient_quota') {
    const message = 'You exceeded your current quota, please check your plan and billing details.';
    return apiError(status, 'insufficient_quota', code, message, null, { 'x-should-retry': 'false' });
  }
  if (status === 429)
    return apiError(429, 'requests', code ?? 'rate_limit_exceeded', 'Rate limit reached.', null, retryAfter);
  if (status === 401) return invalidKey();
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return apiError(
    status,
    type,
    code ?? null,
    'The server had an error processing your request.',
    null,
    retryAfter,
  );
}

export function apiError(
  status: number,
  type: string,
  code: string | null,
  message: string,
  param: string | null = null,
  headers: Readonly<Record<string, string>> = {},
): ApiError {
  return { status, body: { error: { message, type, code, param } }, headers };
}
