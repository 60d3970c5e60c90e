import { describe, expect, it } from 'vitest';
import { voiceChannel } from '../../../../src/agent/channel.ts';
import { assemblePrompt, fillVariables } from '../../../../src/agent/prompt/assemble-prompt.ts';
import { greetingOf } from '../../../../src/app/create-session.ts';
import {
  greetingVariables,
  instructionVariables,
  unknownVariables,
} from '../../../../src/business/line/agents/prompt-variables.ts';
import { lineVariables } from '../../../../src/business/line/directory/directory.ts';
import { testLine } from '../../../support/call-harness.ts';

const line = testLine();
const hours = { timeZone: line.timeZone, weekly: [], exceptions: [] };

describe('variables of prompts', () => {
  it('are each filled in on a call: what may be named is known', () => {
    const instructions = instructionVariables.map((name) => `${name}=[{{${name}}}]`).join('\n');
    const now = new Date('2026-11-24T12:00:00Z');
    const [prompt] = assemblePrompt({
      channel: voiceChannel,
      agent: { ...line.agent, instructions },
      businessName: line.businessName,
      timeZone: line.timeZone,
      startedAt: now,
      callerPhone: '+14155550100',
      callerName: 'Maya',
      variables: lineVariables({ ...line, hours }, now),
    });
    const filled = prompt?.content.match(/^\S+=\[.*\]$/gm) ?? [];
    expect(filled).toHaveLength(instructionVariables.length);
    expect(filled.filter((text) => text.endsWith('[]'))).toEqual([]);
  });

  it('are each filled in in the greeting', () => {
    const greeting = greetingVariables.map((name) => `[{{${name}}}]`).join(' ');
    expect(greetingOf({ ...line, agent: { ...line.agent, greeting } })).toBe('[Robin] [Test Business]');
  });

  it('are found by whoever fills them in and whoever checks them alike', () => {
    const text = 'a {{ business.name }} b {{business.name}} c {{no.such}} d {{no.such}}';
    expect(unknownVariables(text, instructionVariables)).toEqual(['no.such']);
    expect(fillVariables(text, { 'business.name': 'X' })).toBe('a X b X c d');
  });
});
