import type { CallDetail } from '../src/business/record/calls/calls.ts';
import type { CallReport } from '../simulator/call-report.ts';

/** The problems of a call, as sentences. Applies to every scenario. */
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

/** The default scenario must book, be interrupted and open a ticket. */
export function judgeAppointment(call: CallDetail, created: readonly string[]): string[] {
  const problems: string[] = [];
  if (!created.some((record) => record.startsWith('booking'))) problems.push('No appointment was booked.');
  if (!created.some((record) => record.startsWith('ticket'))) problems.push('No ticket was opened.');
  if (call.interruptionCount === 0) problems.push('The caller was not able to interrupt the agent.');
  return problems;
}
