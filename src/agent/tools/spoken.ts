import type { CallContext } from './tool.ts';

/* Formats times and prices in the language of the agent, so that text to speech reads them well. */

type Spoken = Pick<CallContext, 'agent'>;

/** "Tuesday, November 24 at 10:30 AM", on the clocks of the business. */
export function spokenTime(at: Date, { agent, timeZone }: Spoken & Pick<CallContext, 'timeZone'>): string {
  const format = new Intl.DateTimeFormat(localeOf(agent.language), {
    timeZone,
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
  return withPlainSpaces(format.format(at));
}

/** `$12.50` */
export function spokenPrice(amountMinor: number, currency: string, { agent }: Spoken): string {
  const format = new Intl.NumberFormat(localeOf(agent.language), { style: 'currency', currency });
  const { maximumFractionDigits: digits = 2 } = format.resolvedOptions();
  return withPlainSpaces(format.format(amountMinor / 10 ** digits));
}

/** `Intl` rejects some tags that are well formed. */
function localeOf(language: string): string {
  try {
    return Intl.getCanonicalLocales(language)[0] ?? 'en-US';
  } catch {
    return 'en-US';
  }
}

/** Locale data has no-break spaces; voices stumble over them. */
function withPlainSpaces(text: string): string {
  return text.replaceAll(/[\u00a0\u202f]/g, ' ');
}
