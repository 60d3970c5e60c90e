/** The door of conversations: customers on channels, what was written and noted, and where each stands. */
export type { Channel } from './channel.ts';
export type { Conversation, ConversationMessage } from './conversation.ts';
export { conversationEndpoints } from './conversation-endpoints.ts';
export { conversationEvents } from './conversation-events.ts';
export { conversationHolding } from './conversation-holding.ts';
export { findMessage, listMessages, recentMessages, removeCall } from './conversation-messages.ts';
export { getConversation } from './conversation-queries.ts';
export {
  appendCall,
  appendMessage,
  customerSpoke,
  handOver,
  openConversation,
} from './conversation-service.ts';
