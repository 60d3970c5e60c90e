import type { Channel as ChannelName } from '../business/record/conversations/conversations.ts';

/**
 * What an agent can do for a customer on a channel:
 * - `speak`: its words are heard, not read, so it has the prompt for speech and does not stay silent while it works;
 * - `transfer`: it can connect the customer with a person;
 * - `hang-up`: it can end the conversation;
 * - `show-link`: a link that it writes can be opened.
 */
export type ChannelAbility = 'speak' | 'transfer' | 'hang-up' | 'show-link';

/** How a customer and an agent reach each other, and what that lets the agent do. */
export interface Channel {
  readonly name: ChannelName;
  readonly can: ReadonlySet<ChannelAbility>;
}

/** A telephone call. */
export const voiceChannel: Channel = {
  name: 'voice',
  can: new Set<ChannelAbility>(['speak', 'transfer', 'hang-up']),
};
