import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBody, sendJson } from '../vendor-server.ts';
import { availableNumbers, SOLD_TO_SOMEBODY_ELSE } from './available-numbers.ts';
import type { SimulatedCall } from './call.ts';
import type { Instructions } from './instructions.ts';
import { callResource, rfc2822 } from './resources.ts';

/** A number of the account, as its owner configured it. */
export interface IncomingNumber {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly voiceUrl: string;
  readonly statusCallback: string;
  readonly smsUrl: string;
}

interface OutboundCall {
  readonly from: string;
  readonly to: string;
  readonly instructions: Instructions;
  readonly statusUrl: string | undefined;
  readonly fallbackUrl: string | undefined;
}

export interface SentMessage {
  readonly sid: string;
  readonly from: string;
  readonly to: string;
  readonly body: string;
}

/** What the REST interface works on. */
export interface Account {
  readonly sid: string;
  readonly authToken: string;
  readonly calls: ReadonlyMap<string, SimulatedCall>;
  readonly numbers: Map<string, IncomingNumber>;
  readonly messages: SentMessage[];
  placeOutbound(call: OutboundCall): SimulatedCall;
}

interface RestRequest {
  readonly account: Account;
  readonly form: URLSearchParams;
  readonly query: URLSearchParams;
  /** Below the account, without `.json`. */
  readonly path: readonly string[];
}

type Handler = (request: RestRequest) => Answer;

interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

const MAX_BODY_BYTES = 64 * 1024;
const MAX_TWIML_LENGTH = 4_000;
const MAX_MESSAGES = 1_000;

/** `METHOD path` below the account; `*` is any segment. */
const routes: readonly (readonly [pattern: string, handler: Handler])[] = [
  ['POST Calls', createCall],
  [
    'GET Calls/*',
    ({ account, path }) => withCall(account, path, (call) => ok(callResource(account.sid, call))),
  ],
  ['POST Calls/*', updateCall],
  ['GET IncomingPhoneNumbers', listNumbers],
  ['POST IncomingPhoneNumbers', ({ account, form }) => saveNumber(account, form, undefined)],
  [
    'GET IncomingPhoneNumbers/*',
    ({ account, path }) => withNumber(account, path, (number) => ok(numberResource(account, number))),
  ],
  [
    'POST IncomingPhoneNumbers/*',
    ({ account, form, path }) => withNumber(account, path, (number) => saveNumber(account, form, number)),
  ],
  [
    'DELETE IncomingPhoneNumbers/*',
    ({ account, path }) =>
      withNumber(account, path, (number) => {
        account.numbers.delete(number.sid);
        return { status: 204 };
      }),
  ],
  ['GET AvailablePhoneNumbers/*/*', listAvailable],
  ['POST Messages', createMessage],
];

/** The simulated part of Twilio's REST API: Basic authentication, form bodies, JSON responses. */
export async function answerRest(
  account: Account,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const answer = await findAnswer(account, request, url);
  if (answer.status === 204) response.writeHead(204).end();
  else
    sendJson(
      response,
      answer.status,
      answer.body,
      answer.status === 401 ? { 'www-authenticate': 'Basic realm="Twilio API"' } : {},
    );
}

async function findAnswer(account: Account, request: IncomingMessage, url: URL): Promise<Answer> {
  const expected = `Basic ${Buffer.from(`${account.sid}:${account.authToken}`).toString('base64')}`;
  if (request.headers.authorization !== expected) return failure(401, 20_003, 'Authenticate');
  const prefix = `/2010-04-01/Accounts/${account.sid}/`;
  if (!url.pathname.startsWith(prefix) || !url.pathname.endsWith('.json')) return notFound(url.pathname);
  const path = url.pathname.slice(prefix.length, -'.json'.length).split('/');
  const handler = routes.find(([pattern]) => matches(pattern, request.method ?? 'GET', path))?.[1];
  if (handler === undefined) return notFound(url.pathname);
  const body = await readBody(request, MAX_BODY_BYTES);
  if (body === undefined) return failure(413, 20_001, 'Request too large');
  return handler({ account, form: new URLSearchParams(body), query: url.searchParams, path });
}

function matches(pattern: string, method: string, path: readonly string[]): boolean {
  const [wantedMethod, wantedPath] = pattern.split(' ', 2);
  const segments = wantedPath!.split('/');
  return (
    method === wantedMethod &&
    segments.length === path.length &&
    segments.every((segment, i) => segment === '*' || segment === path[i])
  );
}

function createCall({ account, form }: RestRequest): Answer {
  const to = form.get('To');
  const from = form.get('From');
  if (to === null || to === '') return failure(400, 21_201, "No 'To' number is specified");
  if (from === null || from === '') return failure(400, 21_213, "No 'From' number is specified");
  const instructions = instructionsIn(form);
  if (instructions === undefined) return failure(400, 21_205, 'Url parameter is required.');
  const call = account.placeOutbound({
    to,
    from,
    instructions,
    statusUrl: form.get('StatusCallback') ?? undefined,
    fallbackUrl: form.get('FallbackUrl') ?? undefined,
  });
  return { status: 201, body: callResource(account.sid, call) };
}

function updateCall({ account, form, path }: RestRequest): Answer {
  return withCall(account, path, (call) => {
    const status = form.get('Status');
    const isOver = !['queued', 'ringing', 'in-progress'].includes(call.status);
    if (isOver) return failure(400, 21_220, 'Call is not in-progress. Cannot redirect.');
    if (status === 'completed' || status === 'canceled') call.complete();
    else {
      const instructions = instructionsIn(form);
      if (instructions === undefined) return failure(400, 21_205, 'Url parameter is required.');
      if (instructions.type === 'document' && instructions.twiml.length > MAX_TWIML_LENGTH) {
        return failure(400, 21_218, 'Twiml is too long');
      }
      call.replace(instructions);
    }
    return ok(callResource(account.sid, call));
  });
}

function instructionsIn(form: URLSearchParams): Instructions | undefined {
  const url = form.get('Url');
  const twiml = form.get('Twiml');
  if (url !== null && url !== '') {
    return { type: 'fetch', url, method: form.get('Method') === 'GET' ? 'GET' : 'POST' };
  }
  // Relative addresses inside such a document lead nowhere.
  return twiml === null ? undefined : { type: 'document', twiml, url: 'https://twiml.invalid/' };
}

function listNumbers({ account, query }: RestRequest): Answer {
  const wanted = query.get('PhoneNumber');
  const found = [...account.numbers.values()].filter(
    (number) => wanted === null || number.phoneNumber === wanted,
  );
  return ok({
    incoming_phone_numbers: found.map((number) => numberResource(account, number)),
    page: 0,
    page_size: 50,
    next_page_uri: null,
  });
}

function saveNumber(account: Account, form: URLSearchParams, existing: IncomingNumber | undefined): Answer {
  const phoneNumber = existing?.phoneNumber ?? form.get('PhoneNumber');
  if (phoneNumber === null || !/^\+[1-9]\d{6,14}$/.test(phoneNumber)) {
    return failure(400, 21_421, 'PhoneNumber is required, in E.164');
  }
  if (existing === undefined && !isSold(account, phoneNumber)) {
    return failure(400, 21_422, `${phoneNumber} is not available.`);
  }
  const number: IncomingNumber = {
    sid: existing?.sid ?? `PN${randomBytes(16).toString('hex')}`,
    phoneNumber,
    voiceUrl: form.get('VoiceUrl') ?? existing?.voiceUrl ?? '',
    statusCallback: form.get('StatusCallback') ?? existing?.statusCallback ?? '',
    smsUrl: form.get('SmsUrl') ?? existing?.smsUrl ?? '',
  };
  account.numbers.set(number.sid, number);
  return { status: existing === undefined ? 201 : 200, body: numberResource(account, number) };
}

function isSold(account: Account, phoneNumber: string): boolean {
  const isOwned = [...account.numbers.values()].some((number) => number.phoneNumber === phoneNumber);
  return !isOwned && phoneNumber !== SOLD_TO_SOMEBODY_ELSE;
}

function listAvailable({ account, path, query }: RestRequest): Answer {
  const owned = new Set([...account.numbers.values()].map(({ phoneNumber }) => phoneNumber));
  const available = availableNumbers({
    country: path[1]!,
    type: path[2]!,
    areaCode: query.get('AreaCode') ?? undefined,
    contains: query.get('Contains') ?? undefined,
    limit: Number(query.get('PageSize') ?? 5),
    isOwned: (number) => owned.has(number),
  });
  if (available === undefined) return notFound(`/AvailablePhoneNumbers/${path[1]}/${path[2]}`);
  return ok({ available_phone_numbers: available });
}

function createMessage({ account, form }: RestRequest): Answer {
  const to = form.get('To');
  const from = form.get('From') ?? form.get('MessagingServiceSid');
  const body = form.get('Body') ?? '';
  if (to === null) return failure(400, 21_604, "A 'To' phone number is required.");
  if (from === null) return failure(400, 21_603, "A 'From' phone number is required.");
  if (body.length > 1_600) return failure(400, 21_617, 'The concatenated message body exceeds the limit');
  const message = { sid: `SM${randomBytes(16).toString('hex')}`, from, to, body };
  account.messages.push(message);
  if (account.messages.length > MAX_MESSAGES) account.messages.shift();
  return {
    status: 201,
    body: {
      ...message,
      account_sid: account.sid,
      status: 'queued',
      num_segments: String(Math.ceil(body.length / 153) || 1),
      direction: 'outbound-api',
      error_code: null,
      error_message: null,
      date_created: rfc2822(new Date()),
      uri: `/2010-04-01/Accounts/${account.sid}/Messages/${message.sid}.json`,
    },
  };
}

function withCall(
  account: Account,
  path: readonly string[],
  answer: (call: SimulatedCall) => Answer,
): Answer {
  const call = account.calls.get(path[1]!);
  return call === undefined ? notFound(`/Calls/${path[1]}.json`) : answer(call);
}

function withNumber(
  account: Account,
  path: readonly string[],
  answer: (number: IncomingNumber) => Answer,
): Answer {
  const number = account.numbers.get(path[1]!);
  return number === undefined ? notFound(`/IncomingPhoneNumbers/${path[1]}.json`) : answer(number);
}

function numberResource(account: Account, number: IncomingNumber): unknown {
  return {
    sid: number.sid,
    account_sid: account.sid,
    phone_number: number.phoneNumber,
    friendly_name: number.phoneNumber,
    voice_url: number.voiceUrl,
    voice_method: 'POST',
    status_callback: number.statusCallback,
    status_callback_method: 'POST',
    sms_url: number.smsUrl,
    sms_method: 'POST',
    capabilities: { voice: true, sms: true, mms: true, fax: false },
    uri: `/2010-04-01/Accounts/${account.sid}/IncomingPhoneNumbers/${number.sid}.json`,
  };
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}

function notFound(what: string): Answer {
  return failure(404, 20_404, `The requested resource ${what} was not found`);
}

function failure(status: number, code: number, message: string): Answer {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } };
}
