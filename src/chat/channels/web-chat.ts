import type { Channel, ChannelAbility } from '../../agent/channel.ts';

/** Chat by HTTP: a page's widget or a backend of the business writes, and reads the answer in the response. */
export const webChat: Channel = { name: 'web-chat', can: new Set<ChannelAbility>(['show-link']) };
