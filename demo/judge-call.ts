import type { CallDetail } from '../src/business/record/calls/calls.ts';
import type { CallReport } from '../simulator/call-report.ts';

/** What was wrong with a call, in sentences; nothing for a good one. Holds for every scenario. */
export function judgeCall(report: CallReport, call: CallDetail | undefined): string[] {
  const problems = report.missedCues.map((cue) => `The caller waited in vain: ${cue}.`);
  for (const { url, status } of report.webhooks)
    if (status < 200 || status > 299) problems.push(`A webhook was answered with ${status}: ${url}.`);
  for (const { code, detail } of report.warnings)
    problems.push(`The carrier logged a warning ${code}: ${detail}.`);
  if (call === undefined) return [...problems, 'The record of the call was never completed.'];
  if (call.replyCount === 0) problems.push('The agent never spoke.');
  if (call.recordingKey === null) problems.push('The call was not recorded.');
  for (const { tool, toolStatus } of call.transcript)
    if (tool !== null && toolStatus === null) problems.push(`The tool ${tool} never came to an end.`);
  return problems;
}

/** The first call a newcomer sees must do all it says: book, be interrupted, open a ticket. */
export function judgeAppointment(call: CallDetail, deeds: readonly string[]): string[] {
  const problems: string[] = [];
  if (!deeds.some((deed) => deed.startsWith('booking'))) problems.push('No appointment was booked.');
  if (!deeds.some((deed) => deed.startsWith('ticket'))) problems.push('No ticket was opened.');
  if (call.interruptionCount === 0) problems.push('The caller was not able to interrupt the agent.');
  return problems;
}
