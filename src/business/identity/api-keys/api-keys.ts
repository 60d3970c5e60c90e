/** API keys: the credentials of programs, with their scopes and usage. */
export { apiKeyEndpoints } from './api-key-endpoints.ts';
export { apiKeyEvents } from './api-key-events.ts';
export { createOperatorKey } from './api-key-service.ts';
export { countUsage } from './count-usage.ts';
export { findApiKey } from './find-api-key.ts';
export { limitKeys } from './limit-keys.ts';
export { UsageMeter } from './usage-meter.ts';
