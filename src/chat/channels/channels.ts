/** Every channel on which agents write, one line each; and the door of this folder. */
import type { ChatChannel } from '../channel.ts';
import { webChat } from './web-chat.ts';

export { webChat } from './web-chat.ts';

export const allChannels: readonly ChatChannel[] = [webChat];
