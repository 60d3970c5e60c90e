import { describe, expect, it } from 'vitest';
import { voiceChannel } from '../../../src/agent/channel.ts';
import { assemblePrompt } from '../../../src/agent/prompt/assemble-prompt.ts';
import { modelTool, toolsFor } from '../../../src/agent/tools/registry.ts';
import { waitingLine } from '../../../src/agent/tools/waiting-lines.ts';
import { agentConfig } from '../agent-fixture.ts';

describe('the settings of an agent', () => {
  it("add a hint to a tool's description, and replace its waiting line and deadline", () => {
    const plain = toolsFor(agentConfig({ tools: ['take_message'] }));
    const config = agentConfig({
      tools: ['take_message'],
      toolSettings: {
        take_message: { hint: 'Only after hours.', waitingLine: 'Writing it down.', deadlineMs: 8_000 },
      },
    });
    const set = toolsFor(config);
    const [before, after] = [plain, set].map((tools) => tools.find(({ name }) => name === 'take_message')!);
    expect(after).toMatchObject({ deadlineMs: 8_000 });
    expect(waitingLine(config, 'take_message')).toBe('Writing it down.');
    expect(modelTool(after!).description).toBe(`${before!.description} Only after hours.`);
    expect(before).not.toHaveProperty('deadlineMs');
  });

  it('name the languages to go on in', () => {
    const promptOf = (otherLanguages: string[]): string =>
      assemblePrompt({
        channel: voiceChannel,
        agent: agentConfig({ otherLanguages }),
        businessName: 'Harbour Bikes',
        timeZone: 'America/New_York',
        startedAt: new Date('2026-11-24T12:00:00Z'),
        callerPhone: undefined,
      })[0]!.content;
    expect(promptOf(['es', 'fr'])).toContain('change to Spanish or French, go on in that');
    expect(promptOf([])).not.toContain('go on in that');
  });
});
