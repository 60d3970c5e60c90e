import type { ChannelAbility } from '../../agent/agent.ts';
import type { ChatChannel } from '../channel.ts';

/** Chat by HTTP: a page's widget or a backend of the business writes, and reads the answer itself. */
export const webChat: ChatChannel = { name: 'web-chat', can: new Set<ChannelAbility>(['show-link']) };
