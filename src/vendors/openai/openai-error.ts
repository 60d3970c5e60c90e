import { VendorError } from '../../platform/process/errors.ts';
import { withoutSecret } from '../vendor-options.ts';
import { isRetryableStatus, parseRetryAfterMs } from '../vendor-socket.ts';

/** Codes of 429 responses for which a retry does not help. */
const PERMANENT_CODES = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'account_deactivated']);

/** Converts any error of a request or a stream to a `VendorError`. */
export function toVendorError(error: unknown, apiKey: string): VendorError {
  if (error instanceof VendorError) return error;
  const { status, code, headers, message, name } = fieldsOf(error);
  const retryAfterMs = retryAfterOf(headers);
  return new VendorError('openai', withoutSecret(message, apiKey), {
    code: code ?? (status === undefined ? name : String(status)),
    // Without a status the cause was the network, a timeout, or a broken stream.
    isRetryable: !PERMANENT_CODES.has(code ?? '') && (status === undefined || isRetryableStatus(status)),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

interface ErrorFields {
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly headers: Headers | undefined;
  readonly message: string;
  readonly name: string;
}

function fieldsOf(error: unknown): ErrorFields {
  if (!(error instanceof Error)) {
    return {
      status: undefined,
      code: undefined,
      headers: undefined,
      message: 'request failed',
      name: 'unknown',
    };
  }
  const { status, code, headers } = error as { status?: unknown; code?: unknown; headers?: unknown };
  return {
    status: typeof status === 'number' ? status : undefined,
    code: typeof code === 'string' ? code : undefined,
    headers: headers instanceof Headers ? headers : undefined,
    message: error.message,
    name: error.constructor.name,
  };
}

function retryAfterOf(headers: Headers | undefined): number | undefined {
  const milliseconds = headers?.get('retry-after-ms');
  return milliseconds ? Number(milliseconds) || undefined : parseRetryAfterMs(headers?.get('retry-after'));
}
