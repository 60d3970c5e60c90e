import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeEventsCommand, runEventsCommand } from '../contracts/events-command.ts';

describeEventsCommand('embedded', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-events-'));
  return {
    databaseUrl: undefined,
    dataDir,
    [Symbol.asyncDispose]: () => rm(dataDir, { recursive: true }),
  };
});

describe('npm run events', () => {
  it.each([
    [[], 'Usage: npm run events -- list'],
    [['replay', 'audit', '--form', '1'], 'Usage: npm run events -- list'],
    [['replay', 'alarms'], 'There is no processor “alarms”. There are: audit, '],
    [['replay', 'audit', '--from', 'yesterday'], '--from takes the position of an event, such as 1042.'],
    [['replay', 'audit', '--tenant', 'harbour'], '--tenant takes the id of a business'],
  ])('at %j says what to ask instead', async (parameters, sentence) => {
    const refused = await runEventsCommand({ dataDir: '', databaseUrl: undefined }, parameters);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(sentence);
  });
});
