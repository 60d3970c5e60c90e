import { describeHours } from './describe-hours.ts';
import type { Line } from './line.ts';

/** What an agent's instructions may say of the line, from memory. */
export function lineVariables(
  { agent, hours, number }: Pick<Line, 'agent' | 'hours'> & { readonly number?: string },
  now: Date,
): Readonly<Record<string, string | undefined>> {
  return {
    'business.hours': hours === undefined ? undefined : describeHours(hours, agent.language, now),
    'business.phone': number,
  };
}
