import { sql } from 'kysely';
import { z } from 'zod';
import { decodeCursor, encodeCursor } from '../../../platform/data/paging.ts';
import { Conflict } from '../../../platform/process/errors.ts';
import { changedRows, type CustomerHolding, customerRows } from '../../customers/customers.ts';
import type { CallId } from '../../tenancy/ids/ids.ts';
import type { Tx } from '../../tenancy/tenancy.ts';
import { journalStreamOf } from './journal-stream.ts';

// How many calls are in memory at once; a long call is some hundred kilobytes.
const callsAtOnce = 20;

/** What calls store of a customer. That there was a call, how long and at what cost, stays when a person is erased. */
export const callHolding: CustomerHolding = {
  name: 'calls',
  hasEvents: true,
  streamsOf: (id) => [id, journalStreamOf(id as CallId)],
  ...customerRows({ table: 'call', kind: 'call', at: 'started_at', title: 'summary' }),
  async exportPage(tx, customerId, cursor) {
    const after = cursor === undefined ? sql`` : sql`and (started_at, id) > ${positionOf(cursor)}`;
    const { rows } = await sql<{ id: string; startedAt: Date; fromEncrypted: string | null }>`
      select id, started_at, ended_at, duration_ms, from_encrypted, outcome, summary,
        (select json_agg(json_build_object('kind', kind, 'text', text, 'tool', tool, 'arguments', arguments,
                                           'result', result, 'at', at) order by start_offset_ms, sequence)
         from call_turn where call_turn.tenant_id = call.tenant_id and call_id = call.id) as transcript
      from call where tenant_id = ${tx.tenantId} and customer_id = ${customerId} ${after}
      order by started_at, id limit ${callsAtOnce}`.execute(tx);
    const last = rows.at(-1);
    return {
      rows: rows.map(({ fromEncrypted, ...call }) => ({
        ...call,
        from: tx.cipher.decrypt(fromEncrypted),
      })),
      next:
        last === undefined || rows.length < callsAtOnce
          ? undefined
          : encodeCursor([last.startedAt.toISOString(), last.id]),
    };
  },
  async filesOf(tx, ids) {
    const { rows } = await sql<{ status: string; recordingKey: string | null }>`
      select status, recording_key from call where tenant_id = ${tx.tenantId} and id = any(${ids})`.execute(
      tx,
    );
    if (rows.some(({ status }) => status !== 'completed')) {
      throw new Conflict('This customer is on the phone; erase when the call is over.', {
        code: 'customer-on-call',
      });
    }
    return rows.flatMap(({ recordingKey }) => recordingKey ?? []);
  },
  erase: async (tx, { calls = [] }) => eraseCalls(tx, calls),
};

const position = z.tuple([z.iso.datetime(), z.string()]);

/** By its values, because the call may have been deleted since the page before. */
function positionOf(cursor: string) {
  const [startedAt, id] = decodeCursor(cursor, position);
  return sql`(${new Date(startedAt)}, ${id})`;
}

async function eraseCalls(tx: Tx, calls: readonly string[]) {
  const mine = sql`tenant_id = ${tx.tenantId}`;
  return {
    calls: await changedRows(
      tx,
      sql`update call
        set from_encrypted = null, from_index = null, summary = null, recording_key = null,
            recording_duration_ms = null, recording_size_bytes = null
        where ${mine} and id = any(${calls})
          and (from_encrypted is not null or from_index is not null or summary is not null or recording_key is not null)`,
    ),
    // Who spoke and how fast the answer came is not personal, and stays.
    turns: await changedRows(
      tx,
      sql`update call_turn
        set text = null, words = null, generated_text = null, arguments = null, result = null
        where ${mine} and call_id = any(${calls})
          and (text is not null or words is not null or generated_text is not null
               or arguments is not null or result is not null)`,
    ),
    searchTexts: await changedRows(tx, sql`delete from call_text where ${mine} and call_id = any(${calls})`),
  };
}
