/** The door of live calls: they come in (`CallAnswering`), go on (`CallSession`) and are counted (`CallRegistry`). */
export { CallAnswering } from './answer-call.ts';
export { CallSession } from './call-session.ts';
export { CallTelemetry } from './call-telemetry.ts';
export { CallRegistry } from './live-calls.ts';
