import { z } from 'zod';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';
import type { NewEvent, StoredEvent } from '../../tenancy/events/events.ts';
import type { CallId } from '../../tenancy/ids/ids.ts';
import type { CallRecord } from './call-record.ts';

/**
 * The stream of a call's journal. It has the numbers of the journal's records, so facts about the call, which `happened`
 * numbers in the call's own stream, have no place in it.
 */
export function journalStreamOf(callId: CallId): string {
  return `${callId}/journal`;
}

/** A record of the journal as an event of the database, where the caller's number is encrypted. */
export function toStoredEvent(
  cipher: PersonalDataCipher,
  { at, event: { type, ...data } }: CallRecord,
): NewEvent {
  const kept = 'from' in data ? { ...data, from: cipher.encrypt(data.from) } : data;
  return { type, data: kept, at: new Date(at) };
}

const dataSchema = z.record(z.string(), z.unknown());

/** The data of an event with the caller's number decrypted; without it where the caller was erased. */
export function readStoredEvent(
  cipher: PersonalDataCipher,
  { data }: Pick<StoredEvent, 'data'>,
): Record<string, unknown> {
  const { from, ...kept } = dataSchema.parse(data ?? {});
  return typeof from === 'string' ? { ...kept, from: cipher.decrypt(from) } : kept;
}
