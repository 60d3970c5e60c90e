import * as z from 'zod';
import { VendorError } from '../../platform/process/errors.ts';
import type { OutgoingMessage } from '../../business/identity/notices/notices.ts';
import { isRetryableStatus } from '../vendor-socket.ts';
import type { MessageSender } from '../fulfils.ts';
import { withoutSecret } from '../vendor-options.ts';

export interface OtpiqOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
}

/** The country in which OTPIQ delivers. */
const IRAQ = '+964';
/** A person waits for the code. OTPIQ accepts the order and delivers it later. */
const REQUEST_TIMEOUT_MS = 10_000;
const MAX_RETRY_AFTER_MINUTES = 24 * 60;

const takenSchema = z.object({ smsId: z.string() });
/** The message has either name; `waitMinutes` comes with 429. */
const refusalSchema = z.object({
  error: z.string().optional(),
  message: z.string().optional(),
  waitMinutes: z.number().nonnegative().max(MAX_RETRY_AFTER_MINUTES).optional(),
});

/**
 * One-time codes by text message or WhatsApp. OTPIQ's own text surrounds the code, so it sends nothing else. It has no
 * idempotency key and charges each order, so nothing is retried.
 */
export function createOtpiqCodes(options: OtpiqOptions): MessageSender {
  return {
    suits({ channel, to, variables }) {
      if (channel === 'email' || variables['code'] === undefined) return undefined;
      return to.startsWith(IRAQ) ? 'best' : 'last';
    },
    async send(message) {
      const response = await post(options, orderOf(message));
      const body: unknown = await response.json().catch(() => undefined);
      if (response.ok && takenSchema.safeParse(body).success) return;
      throw refusal(options, response, refusalSchema.safeParse(body).data ?? {});
    },
  };
}

function orderOf({ to, channel, template, variables }: OutgoingMessage): object {
  const verificationCode = variables['code'];
  if (verificationCode === undefined) throw new Error(`OTPIQ sends codes, and ${template} holds none.`);
  return {
    // OTPIQ refuses a plus sign.
    phoneNumber: to.replace(/^\+/, ''),
    smsType: 'verification',
    // A number without WhatsApp gets a text message instead.
    provider: channel === 'whatsapp' ? 'whatsapp-sms' : 'sms',
    verificationCode,
  };
}

async function post({ apiKey, baseUrl }: OtpiqOptions, order: object): Promise<Response> {
  try {
    return await fetch(`${baseUrl}/sms`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(order),
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
  } catch (error) {
    throw new VendorError('otpiq', 'could not be reached', {
      isRetryable: true,
      code: 'network',
      cause: error,
    });
  }
}

function refusal(
  { apiKey }: OtpiqOptions,
  { status }: Response,
  { error, message, waitMinutes }: z.infer<typeof refusalSchema>,
): VendorError {
  const why = withoutSecret(error ?? message ?? `answered ${status}`, apiKey);
  return new VendorError('otpiq', why, {
    isRetryable: isRetryableStatus(status),
    code: String(status),
    ...(waitMinutes === undefined ? {} : { retryAfterMs: waitMinutes * 60_000 }),
  });
}
