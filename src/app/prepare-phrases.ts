import { phrasesFor } from '../agent/prompt/prompt.ts';
import { type Tool, waitingLinesOf } from '../agent/tools/tools.ts';
import type { Line } from '../business/line/directory/directory.ts';
import type { PhraseAudio } from '../call/reply/reply.ts';
import { type Vendors, voicesOf } from './connect-vendors.ts';
import { greetingOf } from './create-session.ts';

interface PhraseParts {
  readonly phraseAudio: PhraseAudio;
  readonly vendors: Vendors;
  readonly toolList: readonly Tool[] | undefined;
}

/** Synthesises what these lines say on every call: greetings first, then stock phrases and waiting lines. */
export function preparePhrases(
  { phraseAudio, vendors, toolList }: PhraseParts,
  lines: readonly Line[],
): Promise<void> {
  const wanted = lines.map((line) => ({ line, voice: voicesOf(line.agent, vendors)[0] }));
  for (const { line, voice } of wanted) void phraseAudio.prepare(voice, [greetingOf(line)]);
  return Promise.all(
    wanted.map(({ line, voice }) =>
      phraseAudio.prepare(voice, [
        ...Object.values(phrasesFor(line.agent.language)),
        ...waitingLinesOf(line.agent, toolList),
      ]),
    ),
  ).then(() => undefined);
}
