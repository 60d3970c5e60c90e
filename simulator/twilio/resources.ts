import type { SimulatedCall } from './call.ts';

/** A call as Twilio's REST interface shows it. */
export function callResource(accountSid: string, call: SimulatedCall): unknown {
  const isOver = ['completed', 'busy', 'no-answer', 'failed', 'canceled'].includes(call.status);
  const endedAt = new Date(call.startedAt.getTime() + call.durationMs);
  return {
    sid: call.sid,
    account_sid: accountSid,
    api_version: '2010-04-01',
    from: call.setup.from,
    from_formatted: call.setup.from,
    to: call.setup.to,
    to_formatted: call.setup.to,
    direction: call.setup.direction,
    status: call.status,
    date_created: rfc2822(call.startedAt),
    date_updated: rfc2822(new Date()),
    start_time: call.status === 'queued' ? null : rfc2822(call.startedAt),
    end_time: isOver ? rfc2822(endedAt) : null,
    duration: isOver ? String(Math.round(call.durationMs / 1000)) : null,
    answered_by: null,
    parent_call_sid: null,
    phone_number_sid: '',
    caller_name: '',
    forwarded_from: '',
    group_sid: null,
    trunk_sid: '',
    queue_time: '0',
    price: null,
    price_unit: 'USD',
    annotation: null,
    uri: `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}.json`,
    subresource_uris: {
      recordings: `/2010-04-01/Accounts/${accountSid}/Calls/${call.sid}/Recordings.json`,
    },
  };
}

export function rfc2822(date: Date): string {
  return date.toUTCString().replace('GMT', '+0000');
}
