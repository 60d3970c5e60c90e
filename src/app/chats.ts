import type { Tool } from '../agent/tools/tools.ts';
import { allChannels, type ChatParts } from '../chat/chat.ts';
import type { Base } from './base.ts';
import type { Vendors } from './connect-vendors.ts';
import type { Knowledge } from './knowledge.ts';
import type { Records } from './records.ts';

export function openChats(
  { clock, logger }: Base,
  { tenancy }: Records,
  { model }: Vendors,
  { lookup: knowledge }: Knowledge,
  toolList?: readonly Tool[],
): ChatParts {
  const onError = (what: string, error: unknown): void =>
    logger.error({ err: error, what }, 'chat agent failed');
  const agent = { model, tenancy, clock, knowledge, toolList, onError };
  return { tenancy, clock, logger, agent, channels: allChannels };
}
