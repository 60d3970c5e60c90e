/** The door of written conversations: the channels, and answers within a request or by a job. */
export { answerChatJob } from './answer-job.ts';
export type { ChatChannel, OutgoingMessage } from './channel.ts';
export { allChannels } from './channels/channels.ts';
export { chatEndpoints } from './chat-endpoints.ts';
export type { ChatParts } from './chat-parts.ts';
export { deliverChatMessageJob } from './delivery-job.ts';
export { receiveMessage } from './receive-message.ts';
