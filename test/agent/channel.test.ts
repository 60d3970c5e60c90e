import { describe, expect, it } from 'vitest';
import { type Channel, type ChannelAbility, voiceChannel } from '../../src/agent/channel.ts';
import { end, type Script, text, wait } from '../support/scripted-model.ts';
import { agentConfig, kindsOf, lineOf, targets, world } from './agent-fixture.ts';

describe('an agent on a channel', () => {
  const shownOnly: Channel = { name: 'web-chat', can: new Set<ChannelAbility>(['show-link']) };
  const toolsOffered = async (channel: Channel): Promise<string[]> => {
    const agent = agentConfig({ tools: ['take_message', 'transfer_call'], transferTargets: targets });
    const { model, answer } = world([[text('Hello.'), end]], { channel, line: lineOf({ agent }) });
    await answer().done;
    return model.requests[0]!.tools.map(({ name }) => name);
  };

  it('is offered the tools that the channel has what it takes for', async () => {
    expect(await toolsOffered(voiceChannel)).toEqual(['take_message', 'transfer_call', 'end_call']);
    expect(await toolsOffered(shownOnly)).toEqual(['take_message']);
  });

  it('bridges no silence in writing, and leaves no waiting line in the history', async () => {
    const script: Script = [wait(1_500), text('Here it is.'), end];
    const { clock, conversation, parts, answer } = world([script], { channel: shownOnly });
    const running = answer();
    await clock.advanceAsync(1_500);
    await running.done;
    expect(kindsOf(parts)).not.toContain('filler');
    expect(JSON.stringify(conversation.messages())).not.toContain('moment');
  });
});
