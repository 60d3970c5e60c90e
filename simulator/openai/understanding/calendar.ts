/** A day in the calendar, as `2026-11-24`. */
export type Day = string;

const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);
const ORDINALS =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first'.split(
    ' ',
  );

const MONTH = `(${MONTHS.join('|')})`;
const DATE = `(\\d{1,2}(?:st|nd|rd|th)?|${ORDINALS.join('|')})`;

/** The last day somebody names, seen from `today`; the next of its kind when it is a weekday or a date. */
export function findDay(text: string, today: Day): Day | undefined {
  const lower = text.toLowerCase().replaceAll(/\b(twenty|thirty) (\w+(?:st|nd|rd|th))\b/g, '$1-$2');
  const found: { at: number; day: Day }[] = [];
  const add = (pattern: RegExp, day: (match: RegExpMatchArray) => Day | undefined) => {
    for (const match of lower.matchAll(pattern)) {
      const named = day(match);
      if (named) found.push({ at: match.index + match[0].length, day: named });
    }
  };
  add(/\b\d{4}-\d{2}-\d{2}\b/g, ([iso]) => iso);
  add(/\b(?<!after )today\b/g, () => today);
  add(/\b(?<!the day after )tomorrow\b/g, () => addDays(today, 1));
  add(/\bday after tomorrow\b/g, () => addDays(today, 2));
  add(new RegExp(`\\b(${WEEKDAYS.join('|')})\\b`, 'g'), ([, name]) =>
    nextWeekday(today, WEEKDAYS.indexOf(name!)),
  );
  add(new RegExp(`\\b${MONTH} (?:the )?${DATE}\\b`, 'g'), ([, month, date]) => nextDate(today, date!, month));
  add(new RegExp(`\\b(?:the )?${DATE} (?:of )?${MONTH}\\b`, 'g'), ([, date, month]) =>
    nextDate(today, date!, month),
  );
  add(
    new RegExp(`\\b(?:on )?the ${DATE}\\b(?! (?:one|slot|time|option|(?:of )?${MONTH}))`, 'g'),
    ([, date]) => nextDate(today, date!, undefined),
  );
  // The longest way to say a day ends last; among equals the first pattern is the surest.
  return found.toSorted((a, b) => b.at - a.at)[0]?.day;
}

export function addDays(day: Day, days: number): Day {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

function nextWeekday(today: Day, weekday: number): Day {
  const from = new Date(`${today}T12:00:00Z`).getUTCDay();
  return addDays(today, (weekday - from + 7) % 7 || 7);
}

function nextDate(today: Day, text: string, month: string | undefined): Day | undefined {
  const date = /^\d/.test(text) ? Number.parseInt(text, 10) : ORDINALS.indexOf(text) + 1;
  if (date < 1 || date > 31) return undefined;
  for (let ahead = 0; ahead <= 366; ahead += 1) {
    const day = addDays(today, ahead);
    const isMonth = month === undefined || MONTHS[Number(day.slice(5, 7)) - 1] === month;
    if (isMonth && Number(day.slice(8)) === date) return day;
  }
  return undefined;
}

/** `Tuesday`, with the date when it is more than a week away. */
export function spokenDay(day: Day, today: Day): string {
  if (day === today) return 'today';
  if (day === addDays(today, 1)) return 'tomorrow';
  const at = new Date(`${day}T12:00:00Z`);
  const weekday = capital(WEEKDAYS[at.getUTCDay()]!);
  if (day > today && day <= addDays(today, 7)) return weekday;
  return `${weekday} the ${ORDINALS[at.getUTCDate() - 1]} of ${capital(MONTHS[at.getUTCMonth()]!)}`;
}

/** "on Tuesday", but "today". */
export function onDay(day: Day, today: Day): string {
  const spoken = spokenDay(day, today);
  return /^(today|tomorrow)$/.test(spoken) ? spoken : `on ${spoken}`;
}

/** The date a system prompt tells, in whatever usual form. */
export function findToday(prompt: string): Day | undefined {
  const iso = /\b(20\d{2}-\d{2}-\d{2})\b/.exec(prompt)?.[1];
  if (iso) return iso;
  const dayFirst = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)? (?:of )?${MONTH},? (20\\d{2})\\b`, 'i').exec(
    prompt,
  );
  if (dayFirst) return isoOf(dayFirst[3]!, dayFirst[2]!, dayFirst[1]!);
  const monthFirst = new RegExp(`\\b${MONTH} (\\d{1,2})(?:st|nd|rd|th)?,? (20\\d{2})\\b`, 'i').exec(prompt);
  return monthFirst ? isoOf(monthFirst[3]!, monthFirst[1]!, monthFirst[2]!) : undefined;
}

function isoOf(year: string, month: string, date: string): Day {
  const number = String(MONTHS.indexOf(month.toLowerCase()) + 1);
  return `${year}-${number.padStart(2, '0')}-${date.padStart(2, '0')}`;
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}
