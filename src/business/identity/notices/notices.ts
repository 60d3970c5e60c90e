/** Notices: messages of the server itself to people who sign in. */
export { formatMessage } from './message-text.ts';
export { loggingNotifier, type MessageTemplate, type Notifier, type OutgoingMessage } from './notify.ts';
