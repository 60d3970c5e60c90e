/** The door of recordings: audio of calls, listened to, linked and deleted when it is old. */
export { deleteExpiredRecordingsJob } from './expired-recordings.ts';
export { recordingKeyOf } from './recording-key.ts';
export { recordingEndpoints } from './recording-endpoints.ts';
export { RecordingLinks } from './recording-link.ts';
