import { join } from 'node:path';
import { styleText } from 'node:util';
import type { CallDetail } from '../src/business/record/calls/calls.ts';
import type { CallReport } from '../simulator/call-report.ts';

/** Prints the data in the database, the path of the recording, and the figures of the call. */
export function printSummary(summary: {
  readonly report: CallReport;
  readonly call: CallDetail | undefined;
  readonly created: readonly string[];
  readonly problems: readonly string[];
  readonly dataDir: string;
}): void {
  const { report, call, created, problems, dataDir } = summary;
  const row = (name: string, value: string): void => console.log(`  ${name.padEnd(22)}${value}`);
  console.log(styleText('bold', '\nRead back from the database'));
  if (call !== undefined) {
    row('call', `${call.id}, ${call.endedReason ?? ''}, ${call.outcome?.join(', ') ?? ''}`);
    for (const record of created) row('', record);
    row('summary', call.summary ?? '');
    if (call.recordingKey !== null) row('recording', join(dataDir, call.recordingKey));
    row('cost', costOf(call));
  }
  console.log(styleText('bold', '\nMeasured at the caller'));
  row('greeting', `${format(report.greetingMs)} after the stream opened`);
  row('answers', `${figures(report.turns.map(({ responseMs }) => responseMs))} after the caller's last word`);
  row(
    'interruptions',
    `${figures(report.interruptions.map(({ silentAfterMs }) => silentAfterMs))} to silence`,
  );
  row('gaps in the voice', String(report.gaps));
  row('caller frames lost', String(report.framesLost));
  if (call !== undefined) {
    console.log(styleText('bold', '\nMeasured by the server'));
    row(
      'turns',
      `${figures(call.transcript.map(({ latency }) => latency?.totalMs))} from end of turn to sound`,
    );
  }
  console.log('');
  if (problems.length === 0) console.log(styleText('green', '    No problems found.'));
  for (const problem of problems) console.log(styleText('red', `  ${problem}`));
}

function figures(values: readonly (number | null | undefined)[]): string {
  const known = values.filter((value) => typeof value === 'number').toSorted((a, b) => a - b);
  if (known.length === 0) return 'none';
  const middle = known[Math.floor(known.length / 2)];
  return `${format(middle)} in the middle, ${format(known.at(-1))} at worst (${known.length})`;
}

function format(ms: number | undefined): string {
  return ms === undefined ? 'none' : `${ms.toFixed(0)} ms`;
}

function costOf({ cost }: CallDetail): string {
  if (cost === null) return 'not known';
  const cents = (micros: number): string => `${(micros / 10_000).toFixed(2)} ¢`;
  const { totalMicros, telephonyMicros, speechToTextMicros, modelMicros, textToSpeechMicros } = cost;
  return (
    `${cents(totalMicros)} (line ${cents(telephonyMicros)}, ears ${cents(speechToTextMicros)}, ` +
    `model ${cents(modelMicros)}, voice ${cents(textToSpeechMicros)})`
  );
}
