import { type ChatChannel, webChat } from '../chat/chat.ts';

/** Every channel on which agents write. */
export const allChannels: readonly ChatChannel[] = [webChat];
