import { newId, type TenantId } from '../../../platform/data/ids.ts';
import type { CallId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { textConfiguration } from '../indexing/indexing.ts';
import { countAsk, findAsk, upsertAsk, upsertQuestion } from './question-queries.ts';

/** Who asked, and where. */
export interface Asker {
  readonly tenantId: TenantId;
  /** BCP 47. */
  readonly language: string;
  /** The call or chat: a question is counted once in each. */
  readonly conversation: string;
  readonly callId: CallId | undefined;
  readonly askedAt: Date;
}

export interface AskedQuestion extends Omit<Asker, 'tenantId'> {
  readonly question: string;
  /** Whether something fitting was found. */
  readonly isAnswered: boolean;
}

/** A longer question is cut. */
const MAX_QUESTION_CHARACTERS = 300;

/** Counts a question, without personal data. An answered one is open again once nothing fitting is found for it. */
export async function recordQuestion(tx: Tx, asked: AskedQuestion): Promise<void> {
  const { conversation, callId, askedAt, isAnswered } = asked;
  const question = withoutPersonalData(asked.question);
  const [language = ''] = asked.language.toLowerCase().split('-');
  const configuration = textConfiguration(language);
  const row = await upsertQuestion(tx, { id: newId('kqu'), question, language, configuration, askedAt });
  const place = { questionId: row.id, conversation };
  const earlier = await findAsk(tx, place);
  // A question that was answered once in a conversation stays answered when it is asked there in other words.
  const answered = isAnswered || earlier?.answered === true;
  await upsertAsk(tx, { ...place, callId: callId ?? null, askedAt, answered });
  await countAsk(tx, row.id, {
    asked: earlier === undefined ? 1 : 0,
    unanswered: Number(!answered) - Number(earlier?.answered === false),
    reopens: !answered && row.status === 'answered',
  });
}

/** Removes numbers that may be somebody's, and e-mail addresses. Names cannot be told from other words. */
export function withoutPersonalData(question: string): string {
  return question
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .replaceAll(/[^\s@]+@[^\s@]+\.[^\s@]+/g, '…')
    .replaceAll(/\+?\p{Nd}(?:[\s().-]{0,2}\p{Nd}){3,}/gu, '…')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_QUESTION_CHARACTERS)
    .toWellFormed();
}
