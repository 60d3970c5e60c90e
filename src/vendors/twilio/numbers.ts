import type { Twilio } from 'twilio';
import type {
  AvailableNumber,
  NumberCarrier,
  NumberSearch,
  NumberType,
  NumberWebhooks,
  OwnedNumber,
} from '../../business/line/numbers/numbers.ts';
import { connect, details, toVendorError, type TwilioRestOptions } from './rest.ts';

/** Phone numbers of the account, through Twilio's REST API. Nothing is retried inside. */
export function createTwilioNumbers(options: TwilioRestOptions): NumberCarrier {
  let client: Promise<Twilio> | undefined;
  const attempt = async <Result>(request: (twilio: Twilio) => Promise<Result>): Promise<Result> => {
    client ??= connect(options);
    const twilio = await client;
    try {
      return await request(twilio);
    } catch (error) {
      const { status, code } = details(error);
      if (status === 404 || code === 20_404) throw new Gone();
      if (isRefusal(status)) throw new Refused(toVendorError(error, options.authToken).message);
      throw toVendorError(error, options.authToken);
    }
  };
  return {
    searchAvailable: (search) =>
      unlessGone(attempt((twilio) => searchAvailable(twilio, search)).catch(withoutRefusal)),
    findOwned: (number) =>
      attempt(async (twilio) => {
        const [owned] = await twilio.incomingPhoneNumbers.list({ phoneNumber: number, limit: 1 });
        return owned === undefined ? undefined : toOwned(owned);
      }),
    async order(number, webhooks) {
      try {
        const fields = { phoneNumber: number, ...fieldsOf(webhooks) };
        const bought = await attempt((twilio) => twilio.incomingPhoneNumbers.create(fields));
        return { type: 'ordered', owned: toOwned(bought) };
      } catch (error) {
        if (error instanceof Refused) return { type: 'refused', reason: error.message };
        throw error;
      }
    },
    configure: (carrierSid, webhooks) =>
      unlessGone(
        attempt(async (twilio) =>
          toOwned(await twilio.incomingPhoneNumbers(carrierSid).update(fieldsOf(webhooks))),
        ),
      ),
    async release(carrierSid) {
      await unlessGone(attempt((twilio) => twilio.incomingPhoneNumbers(carrierSid).remove()));
    },
  };
}

class Gone extends Error {
  override readonly name = 'Gone';
}

/** A request that Twilio refuses permanently. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** Wrong credentials and rate limits are no refusal of the number. */
function isRefusal(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && ![401, 403, 408, 429].includes(status);
}

async function unlessGone<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Gone) return undefined;
    throw error;
  }
}

/** An invalid search, for instance by an area code in a country without them, finds nothing. */
function withoutRefusal(error: unknown): AvailableNumber[] {
  if (error instanceof Refused) return [];
  throw error;
}

async function searchAvailable(twilio: Twilio, search: NumberSearch): Promise<AvailableNumber[]> {
  const { country, type, areaCode, contains, capabilities, limit } = search;
  const wanted = {
    // Without `limit` the SDK requests further pages.
    limit,
    pageSize: limit,
    ...(areaCode === undefined ? {} : { areaCode: Number(areaCode) }),
    ...(contains === undefined ? {} : { contains }),
    ...(capabilities.includes('voice') ? { voiceEnabled: true } : {}),
    ...(capabilities.includes('sms') ? { smsEnabled: true } : {}),
    ...(capabilities.includes('mms') ? { mmsEnabled: true } : {}),
  };
  const found = await list(twilio, country, type, wanted);
  return found.map((item) => ({
    number: item.phoneNumber,
    country: item.isoCountry,
    locality: item.locality || null,
    region: item.region || null,
    capabilities: capabilitiesOf(item.capabilities),
    addressRequirement: item.addressRequirements,
  }));
}

function list(twilio: Twilio, country: string, type: NumberType, wanted: { readonly limit: number }) {
  const available = twilio.availablePhoneNumbers(country);
  switch (type) {
    case 'local':
      return available.local.list(wanted);
    case 'toll-free':
      return available.tollFree.list(wanted);
    case 'mobile':
      return available.mobile.list(wanted);
    default:
      return type satisfies never;
  }
}

function fieldsOf({ voiceUrl, statusUrl }: NumberWebhooks) {
  return {
    voiceUrl,
    voiceMethod: 'POST',
    statusCallback: statusUrl,
    statusCallbackMethod: 'POST',
  };
}

function toOwned(item: {
  readonly sid: string;
  readonly phoneNumber: string;
  readonly capabilities: unknown;
  readonly voiceUrl: string | null;
  readonly statusCallback: string | null;
}): OwnedNumber {
  return {
    carrierSid: item.sid,
    number: item.phoneNumber,
    capabilities: capabilitiesOf(item.capabilities),
    voiceUrl: item.voiceUrl ?? '',
    statusUrl: item.statusCallback ?? '',
  };
}

/** `SMS` and `MMS` where numbers are sold, `sms` and `mms` where they are owned. */
function capabilitiesOf(value: unknown): OwnedNumber['capabilities'] {
  const able = new Set(
    Object.entries(value ?? {}).flatMap(([name, is]) => (is === true ? name.toLowerCase() : [])),
  );
  return { voice: able.has('voice'), sms: able.has('sms'), mms: able.has('mms') };
}
