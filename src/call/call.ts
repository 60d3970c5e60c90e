/** Live calls: answering them (`CallAnswering`), one call (`CallSession`), and all of this process (`CallRegistry`). */
export { CallAnswering } from './answer-call.ts';
export { CallSession } from './call-session.ts';
export { CallTelemetry } from './call-telemetry.ts';
export { CallRegistry } from './live-calls.ts';
