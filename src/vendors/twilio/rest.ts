import type { Twilio } from 'twilio';
import { VendorError } from '../../platform/process/errors.ts';
import type { CallSid } from '../../business/tenancy/ids/ids.ts';
import { isRetryableStatus } from '../vendor-socket.ts';
import { withoutSecret } from '../vendor-options.ts';

/** Short, because a caller waits for the effect; Twilio answers within some hundred milliseconds. */
const REQUEST_TIMEOUT_MS = 5_000;
const TWILIO_ORIGIN = 'https://api.twilio.com';

/** Requests to Twilio about a live call. Every failure is a VendorError; nothing is retried inside. */
export interface TwilioCalls {
  /** Loads the SDK, so that the first request of a call does not wait for it. */
  warm(): Promise<void>;
  /** Hangs up. A call that has ended already is a success. */
  completeCall(callSid: CallSid): Promise<void>;
  /** `ringing`, `in-progress`, `completed`, …; undefined when Twilio knows no such call. */
  findCallStatus(callSid: CallSid): Promise<string | undefined>;
}

export interface TwilioRestOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly baseUrl: string;
}

export function createTwilioCalls(options: TwilioRestOptions): TwilioCalls {
  let client: Promise<Twilio> | undefined;
  const connected = async (): Promise<Twilio> => {
    client ??= connect(options);
    return await client;
  };

  const attempt = async <Result>(request: (client: Twilio) => Promise<Result>): Promise<Result | 'gone'> => {
    const twilio = await connected();
    try {
      return await request(twilio);
    } catch (error) {
      if (isGone(error)) return 'gone';
      throw toVendorError(error, options.authToken);
    }
  };

  return {
    async warm() {
      await connected();
    },
    async completeCall(callSid) {
      await attempt((twilio) => twilio.calls(callSid).update({ status: 'completed' }));
    },
    async findCallStatus(callSid) {
      const result = await attempt((twilio) => twilio.calls(callSid).fetch());
      return result === 'gone' ? undefined : result.status;
    },
  };
}

/** The SDK has no option for the base address, so its HTTP client rewrites the URLs. */
export async function connect(options: TwilioRestOptions): Promise<Twilio> {
  const { default: twilio } = await import('twilio');
  const base = options.baseUrl.replace(/\/+$/, '');
  const httpClient = new twilio.RequestClient({ timeout: REQUEST_TIMEOUT_MS });
  httpClient.axios.interceptors.request.use((request) => {
    if (request.url?.startsWith(TWILIO_ORIGIN)) request.url = base + request.url.slice(TWILIO_ORIGIN.length);
    return request;
  });
  return twilio(options.accountSid, options.authToken, { httpClient });
}

/** 404/20404: no such live call; 400/21220: it is not in progress any more. Which of them comes is not documented. */
function isGone(error: unknown): boolean {
  const { status, code } = details(error);
  return status === 404 || code === 20_404 || code === 21_220;
}

export function toVendorError(error: unknown, secret: string): VendorError {
  const { status, code, message } = details(error);
  return new VendorError('twilio', withoutSecret(message, secret), {
    code: String(code ?? status ?? 'network'),
    isRetryable: status === undefined || isRetryableStatus(status),
  });
}

export function details(error: unknown): { status?: number; code?: number | string; message: string } {
  if (!(error instanceof Error)) return { message: 'request failed' };
  const { status, code } = error as { status?: unknown; code?: unknown };
  return {
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof code === 'number' || typeof code === 'string' ? { code } : {}),
    message: error.message,
  };
}
