/** A time as somebody says it: without "am" or "pm" it may be either half of the day. */
export interface ClockTime {
  /** 0–23; 1–12 when `isAmbiguous`. */
  readonly hour: number;
  readonly minute: number;
  readonly isAmbiguous: boolean;
}

const HOURS = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
const MINUTES: Readonly<Record<string, number>> = {
  'oh five': 5,
  five: 5,
  ten: 10,
  fifteen: 15,
  twenty: 20,
  'twenty five': 25,
  thirty: 30,
  'thirty five': 35,
  forty: 40,
  'forty five': 45,
  fifty: 50,
  'fifty five': 55,
};
const HOUR = `(\\d{1,2}|${HOURS.join('|')})`;
const HALF = `(?:\\s*([ap])\\.?\\s?m\\b\\.?| (in the morning)| (in the (?:afternoon|evening)| tonight))?`;
const MINUTE = `(${Object.keys(MINUTES)
  .toSorted((a, b) => b.length - a.length)
  .join('|')})`;

/** The last time that is named. `isExpected`: the talk is about times, so a bare "ten" is one. */
export function findTime(text: string, isExpected: boolean): ClockTime | undefined {
  const lower = text.toLowerCase().replaceAll(/(\w)-(\w)/g, '$1 $2');
  const found: { at: number; length: number; time: ClockTime }[] = [];
  const add = (pattern: string, time: (match: RegExpMatchArray) => ClockTime | undefined) => {
    for (const match of lower.matchAll(new RegExp(pattern, 'g'))) {
      const named = time(match);
      if (named) found.push({ at: match.index + match[0].length, length: match[0].length, time: named });
    }
  };
  add('\\b(?:noon|midday)\\b', () => ({ hour: 12, minute: 0, isAmbiguous: false }));
  add(`\\b(half|quarter) (past|to) ${HOUR}\\b${HALF}`, ([, part, side, hour, ...half]) => {
    const minutes = part === 'half' ? 30 : 15;
    const at = side === 'to' ? hourOf(hour!) - 1 : hourOf(hour!);
    return clock(at === 0 ? 12 : at, side === 'to' ? 60 - minutes : minutes, half);
  });
  add(`\\b(\\d{1,2})[:.](\\d{2})\\b${HALF}`, ([, hour, minute, ...half]) =>
    clock(Number(hour), Number(minute), half),
  );
  add(`\\b${HOUR} ${MINUTE}\\b${HALF}`, ([, hour, minute, ...half]) =>
    clock(hourOf(hour!), MINUTES[minute!]!, half),
  );
  add(`\\b${HOUR} ?o.?clock\\b${HALF}`, ([, hour, ...half]) => clock(hourOf(hour!), 0, half));
  add(
    `\\b${HOUR}(?: ?([ap])\\.?\\s?m\\b\\.?| (in the morning)| (in the (?:afternoon|evening)))`,
    ([, hour, ...half]) => clock(hourOf(hour!), 0, half),
  );
  add(`\\b(?:at|around|about|by|make it|say) ${HOUR}\\b(?! (?:of|people|hundred))`, ([, hour]) =>
    clock(hourOf(hour!), 0, []),
  );
  const notOf =
    '(?<!\\b(?:first|second|third|last|latest|earliest|earlier|later|that|this|the|other|which|either|any) )';
  if (isExpected) add(`${notOf}\\b${HOUR}\\b(?!th|st|nd|rd)`, ([, hour]) => clock(hourOf(hour!), 0, []));
  return found.toSorted((a, b) => b.at - a.at || b.length - a.length)[0]?.time;
}

export function isTime(time: ClockTime, hour: number, minute: number): boolean {
  if (minute !== time.minute) return false;
  return time.isAmbiguous ? hour % 12 === time.hour % 12 : hour === time.hour;
}

/** Resolves an ambiguous hour to one of the working day. */
export function likelyHour({ hour, isAmbiguous }: ClockTime): number {
  return isAmbiguous && hour < 8 ? hour + 12 : hour;
}

function hourOf(text: string): number {
  return /^\d/.test(text) ? Number(text) : HOURS.indexOf(text) + 1;
}

function clock(hour: number, minute: number, half: readonly (string | undefined)[]): ClockTime | undefined {
  if (hour > 23 || minute > 59) return undefined;
  const [letter, morning, later] = half;
  const isAfternoon = letter === 'p' || later !== undefined;
  const isMorning = letter === 'a' || morning !== undefined;
  if (isAfternoon) return { hour: (hour % 12) + 12, minute, isAmbiguous: false };
  if (isMorning) return { hour: hour % 12, minute, isAmbiguous: false };
  return { hour, minute, isAmbiguous: hour >= 1 && hour <= 12 };
}
