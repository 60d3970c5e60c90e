/**
 * The door of the line directory: who answers a dialled number, from memory, and what a call may say of the business
 * that was dialled. Nothing here makes a live call wait for the database.
 */
export { readBusinessHours } from './business-hours.ts';
export { CallerNames } from './caller-names.ts';
export { chooseAgent } from './choose-agent.ts';
export type { DialledLine, Line, LineDirectory } from './line.ts';
export { snapshotFile } from './line-snapshot.ts';
export { lineVariables } from './line-variables.ts';
export { StoredLineDirectory } from './stored-directory.ts';
