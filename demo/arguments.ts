import { parseArgs } from 'node:util';

export type DemoCommand =
  | { readonly type: 'list' }
  /** `once`: end after the call, with an exit code for its success. */
  | { readonly type: 'play'; readonly scenario: string; readonly once: boolean }
  | { readonly type: 'refused'; readonly reason: string };

export const usage = `npm run demo                          plays one call and keeps the page of calls open
npm run demo -- --list                 names the scenarios
npm run demo -- --scenario NAME        plays another one
npm run demo -- --once                 ends after the call; the exit code tells whether all was well`;

export function parseDemoArguments(args: readonly string[], scenarios: readonly string[]): DemoCommand {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        scenario: { type: 'string', default: scenarios[0]! },
      },
    });
    if (values.list) return { type: 'list' };
    if (!scenarios.includes(values.scenario))
      return { type: 'refused', reason: `There is no scenario called "${values.scenario}".` };
    return { type: 'play', scenario: values.scenario, once: values.once };
  } catch (error) {
    return { type: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
}
