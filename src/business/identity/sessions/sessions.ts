/** Sessions of people, and their refresh tokens. */
export { refreshSession } from './refresh-session.ts';
export { sessionEndpoints } from './session-endpoints.ts';
export { sessionEvents } from './session-events.ts';
export {
  type Client,
  endOwnSession,
  endSessionsOfMember,
  endSessionsOfPerson,
  isLiveSession,
  lastSignIns,
  leaveSession,
  type SessionOwner,
  startSession,
  type StartedSession,
} from './session-service.ts';
