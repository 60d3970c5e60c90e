/** As with the vendor's own test credentials: ordering this number is refused. */
export const SOLD_TO_SOMEBODY_ELSE = '+15005550000';

export interface AvailableSearch {
  readonly country: string;
  /** As in the path: `Local`, `TollFree`, `Mobile`. */
  readonly type: string;
  readonly areaCode: string | undefined;
  readonly contains: string | undefined;
  readonly limit: number;
  readonly isOwned: (number: string) => boolean;
}

interface Market {
  readonly region: string;
  readonly locality: string;
  /** Digits before the last four; `{area}` is the area code asked for, or the one in `area`. */
  readonly prefixes: Readonly<Record<string, string>>;
  readonly area: string;
}

const markets: Readonly<Record<string, Market>> = {
  US: {
    region: 'IL',
    locality: 'Springfield',
    area: '555',
    prefixes: { Local: '+1{area}555', TollFree: '+1833555' },
  },
  CA: {
    region: 'ON',
    locality: 'Toronto',
    area: '416',
    prefixes: { Local: '+1{area}555', TollFree: '+1833556' },
  },
  GB: {
    region: '',
    locality: 'London',
    area: '',
    prefixes: { Local: '+44207946', Mobile: '+447700900', TollFree: '+44808157' },
  },
  DE: {
    region: '',
    locality: 'Berlin',
    area: '',
    prefixes: { Local: '+493023125', Mobile: '+4915555500' },
  },
};

const FIRST_LINE = 100;
const LINES = 900;
const MAX_PAGE = 30;

/** Undefined where the country, or the type in it, is not sold. */
export function availableNumbers(search: AvailableSearch): readonly object[] | undefined {
  const market = markets[search.country];
  const prefix = market?.prefixes[search.type]?.replace('{area}', search.areaCode ?? market.area);
  if (market === undefined || prefix === undefined) return undefined;
  const pattern = patternOf(search.contains);
  return Array.from({ length: LINES }, (_, line) => prefix + String(FIRST_LINE + line).padStart(4, '0'))
    .filter((number) => pattern.test(number) && !search.isOwned(number))
    .slice(0, Math.min(search.limit, MAX_PAGE))
    .map((number) => ({
      friendly_name: number,
      phone_number: number,
      locality: search.type === 'Local' ? market.locality : null,
      region: search.type === 'Local' ? market.region : null,
      postal_code: null,
      iso_country: search.country,
      capabilities: { voice: true, SMS: search.type !== 'TollFree', MMS: search.type === 'Local' },
      address_requirements: search.country === 'DE' ? 'local' : 'none',
      beta: false,
    }));
}

/** `*` is any one digit; letters are those of the keypad. */
function patternOf(contains: string | undefined): RegExp {
  const keys = ['', '', 'ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'];
  const digits = (contains ?? '')
    .toUpperCase()
    .replaceAll(/[A-Z]/g, (letter) => String(keys.findIndex((letters) => letters.includes(letter))))
    .replaceAll(/[^\d*]/g, '')
    .replaceAll('*', String.raw`\d`);
  return new RegExp(digits);
}
