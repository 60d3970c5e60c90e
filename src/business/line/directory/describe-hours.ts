import { Temporal } from 'temporal-polyfill';
import { localDateOf, type OpeningTimes } from '../../catalog/opening-hours/opening-hours.ts';

interface Words {
  readonly to: string;
  readonly closed: string;
  readonly and: string;
}

const words: Readonly<Record<string, Words>> = {
  en: { to: 'to', closed: 'closed', and: 'and' },
  de: { to: 'bis', closed: 'geschlossen', and: 'und' },
  es: { to: 'a', closed: 'cerrado', and: 'y' },
  fr: { to: 'à', closed: 'fermé', and: 'et' },
};

/** As far ahead as callers ask about on an ordinary day. */
const EXCEPTION_DAYS = 14;
/** 2024-01-01 was a Monday: day n of that month is ISO weekday n. */
const mondayOf = { year: 2024, month: 1 };

/**
 * The week as a person would say it, "Monday to Friday 09:00 to 18:00; Saturday 10:00 to 16:00; Sunday closed", and
 * the days of the next fortnight that differ.
 */
export function describeHours(hours: OpeningTimes, language: string, now: Date): string {
  const base = language.split('-', 1)[0]!.toLowerCase();
  const said = words[base] ?? words['en']!;
  const spoken = words[base] === undefined ? 'en' : language;
  return [...describeWeek(hours, said, spoken), ...describeExceptions(hours, said, spoken, now)].join('; ');
}

function describeWeek({ weekly }: OpeningTimes, said: Words, language: string): string[] {
  const name = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  const dayName = (weekday: number): string =>
    name.format(new Date(Date.UTC(mondayOf.year, mondayOf.month - 1, weekday)));
  const days = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    weekday,
    open: describeOpenings(
      weekly.filter((opening) => opening.weekday === weekday),
      said,
    ),
  }));
  const stretches: { from: number; until: number; open: string }[] = [];
  for (const { weekday, open } of days) {
    const last = stretches.at(-1);
    if (last?.open === open) last.until = weekday;
    else stretches.push({ from: weekday, until: weekday, open });
  }
  return stretches.map(({ from, until, open }) => {
    if (from === until) return `${dayName(from)} ${open}`;
    return `${dayName(from)} ${said.to} ${dayName(until)} ${open}`;
  });
}

function describeExceptions(hours: OpeningTimes, said: Words, language: string, now: Date): string[] {
  const today = localDateOf(now, hours.timeZone);
  const last = today.add({ days: EXCEPTION_DAYS }).toString();
  const near = hours.exceptions.filter(({ localDate }) => localDate >= today.toString() && localDate <= last);
  const dates = Map.groupBy(near, ({ localDate }) => localDate);
  return [...dates].map(([localDate, openings]) => {
    const day = Temporal.PlainDate.from(localDate).toLocaleString(language, {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
    });
    return `${day} ${describeOpenings(openings, said)}`;
  });
}

function describeOpenings(
  openings: readonly { readonly opensAtMinute: number | null; readonly closesAtMinute: number | null }[],
  said: Words,
): string {
  const times = openings.flatMap(({ opensAtMinute: opens, closesAtMinute: closes }) =>
    opens === null || closes === null ? [] : `${wallClock(opens)} ${said.to} ${wallClock(closes)}`,
  );
  return times.length === 0 ? said.closed : times.join(` ${said.and} `);
}

function wallClock(minute: number): string {
  const hour = String(Math.floor(minute / 60)).padStart(2, '0');
  return `${hour}:${String(minute % 60).padStart(2, '0')}`;
}
