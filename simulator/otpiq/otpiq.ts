import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseObject, readBody, sendJson, startVendorServer } from '../vendor-server.ts';

export interface OtpiqOptions {
  readonly port?: number;
  /** Any key is good unless one is named. */
  readonly apiKey?: string;
}

export interface SentCode {
  readonly phoneNumber: string;
  readonly provider: string;
  readonly verificationCode: string;
}

export interface OtpiqFaults {
  /** Response to every order, instead of accepting it. */
  readonly refusal?: { readonly status: number; readonly body: unknown };
}

export interface OtpiqSimulator {
  /** With `/api`. */
  readonly url: string;
  faults: OtpiqFaults;
  /** Newest last. */
  readonly sent: readonly SentCode[];
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 16 * 1024;
const MAX_SENT = 1_000;
const DINARS_PER_CODE = 80;

const providers = new Set([
  'auto',
  'sms',
  'whatsapp',
  'telegram',
  'whatsapp-sms',
  'telegram-sms',
  'whatsapp-telegram-sms',
]);

/** The order of a verification code, as OTPIQ documents it. */
export async function startOtpiq(options: OtpiqOptions = {}): Promise<OtpiqSimulator> {
  const sent: SentCode[] = [];
  let faults: OtpiqFaults = {};
  const server = await startVendorServer({
    port: options.port ?? 0,
    onRequest: async (request, response, url) => {
      if (`${request.method} ${url.pathname}` !== 'POST /api/sms') {
        return sendJson(response, 404, { message: 'Not found' });
      }
      if (!isAuthorised(request, options.apiKey)) {
        return sendJson(response, 401, { message: 'Invalid or missing project API key' });
      }
      if (faults.refusal !== undefined) return sendJson(response, faults.refusal.status, faults.refusal.body);
      return order(sent, request, response);
    },
    onUpgrade: (upgrade) => Promise.resolve(upgrade.refuse(404, { message: 'Not found' })),
  });
  return {
    url: `${server.url}/api`,
    sent,
    close: () => server.close(),
    get faults() {
      return faults;
    },
    set faults(wanted) {
      faults = wanted;
    },
  };
}

function isAuthorised(request: IncomingMessage, apiKey: string | undefined): boolean {
  const presented = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  return presented !== undefined && (apiKey === undefined || presented === apiKey);
}

async function order(sent: SentCode[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = parseObject((await readBody(request, MAX_BODY_BYTES)) ?? '') ?? {};
  const { phoneNumber, smsType, verificationCode, provider = 'auto' } = body;
  const wrong = (error: string): void => sendJson(response, 400, { error });
  if (typeof phoneNumber !== 'string' || !/^[0-9]{10,15}$/.test(phoneNumber))
    return wrong('Invalid phoneNumber');
  if (smsType !== 'verification') return wrong('Invalid smsType');
  if (typeof provider !== 'string' || !providers.has(provider)) return wrong('Invalid provider');
  if (typeof verificationCode !== 'string' || !/^.{1,20}$/.test(verificationCode)) {
    return wrong('verificationCode is required');
  }
  sent.push({ phoneNumber, provider, verificationCode });
  if (sent.length > MAX_SENT) sent.shift();
  return sendJson(response, 200, {
    message: 'SMS task created successfully',
    smsId: `sms-${randomBytes(12).toString('hex')}`,
    remainingCredit: 912_340,
    cost: DINARS_PER_CODE,
    canCover: true,
    paymentType: 'prepaid',
  });
}
