import type { IncomingMessage } from 'node:http';

export interface Refused {
  readonly status: number;
  readonly body: { readonly err_code: string; readonly err_msg: string; readonly request_id: string };
  readonly headers: Readonly<Record<string, string>>;
}

const ERROR_CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_QUERY_PARAMETER',
  401: 'INVALID_AUTH',
  402: 'ASR_PAYMENT_REQUIRED',
  403: 'INSUFFICIENT_PERMISSIONS',
  404: 'NOT_FOUND',
  413: 'PAYLOAD_TOO_LARGE',
  429: 'TOO_MANY_REQUESTS',
};

/** How Deepgram refuses a request or an upgrade: a JSON body and two headers. */
export function refusal(
  status: number,
  message: string,
  requestId: string,
  more: { readonly code?: string | undefined; readonly retryAfterSeconds?: number | undefined } = {},
): Refused {
  const code = more.code ?? ERROR_CODES[status] ?? 'INTERNAL_SERVER_ERROR';
  const retryAfter =
    more.retryAfterSeconds === undefined ? {} : { 'retry-after': String(more.retryAfterSeconds) };
  return {
    status,
    body: { err_code: code, err_msg: message, request_id: requestId },
    headers: { 'dg-error': message, 'dg-request-id': requestId, ...retryAfter },
  };
}

/** The key of `Authorization: Token KEY`, `Bearer JWT`, or the browsers' `Sec-WebSocket-Protocol: token, KEY`. */
export function isAuthorised(request: IncomingMessage, apiKeys: readonly string[] | undefined): boolean {
  const header = request.headers.authorization ?? '';
  const protocol = request.headers['sec-websocket-protocol'] ?? '';
  const key = /^(?:token|bearer) (\S+)$/i.exec(header)?.[1] ?? /^token, ?(\S+)$/i.exec(protocol)?.[1];
  return key !== undefined && (apiKeys === undefined || apiKeys.includes(key));
}
