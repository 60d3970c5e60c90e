import { z } from 'zod';
import type { CallSid } from '../../business/tenancy/ids/ids.ts';

/**
 * The parameters of Twilio's webhooks that are used. Twilio adds parameters without notice and sends empty strings for
 * unknown values: other parameters are ignored, and all but the essential ones may be missing.
 */
const callSid = z
  .string()
  .min(1)
  .max(64)
  .transform((value) => value as CallSid);
const text = z.string().default('');
const optionalText = z
  .string()
  .optional()
  .transform((value) => (value === '' ? undefined : value));
const optionalCount = z
  .string()
  .optional()
  .transform((value) => (value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined));

const callFields = {
  CallSid: callSid,
  AccountSid: text,
  /** Not always a number: a withheld one is a word. */
  From: text,
  To: text,
  CallStatus: text,
  Direction: text,
};

const voiceFields = z.object({ ...callFields, ForwardedFrom: optionalText });
const statusFields = z.object({
  ...callFields,
  SequenceNumber: optionalCount,
  CallDuration: optionalCount,
  SipResponseCode: optionalText,
});
const dialFields = z.object({ ...callFields, DialCallStatus: text });

/** An incoming call, a call asking what to do next, or a fallback request. */
export const voiceWebhookSchema = voiceFields.transform((fields) => ({
  callSid: fields.CallSid,
  accountSid: fields.AccountSid,
  from: fields.From,
  to: fields.To,
  /** E.164, or undefined when the caller withheld it. */
  callerPhone: phoneNumber(fields.From),
  callStatus: fields.CallStatus,
  direction: fields.Direction,
  forwardedFrom: fields.ForwardedFrom,
}));

/** A change of a call's state; may come late, twice, out of order, or never. */
export const statusWebhookSchema = statusFields.transform((fields) => ({
  callSid: fields.CallSid,
  callStatus: fields.CallStatus,
  /** Order of firing, from 0; not every product sends it. */
  sequenceNumber: fields.SequenceNumber,
  durationSeconds: fields.CallDuration,
  sipResponseCode: fields.SipResponseCode,
}));

/** The outcome of a `<Dial>`. */
export const dialWebhookSchema = dialFields.transform((fields) => ({
  callSid: fields.CallSid,
  /** `completed` (answered, and over), `answered`, `busy`, `no-answer`, `failed`, `canceled`. */
  dialStatus: fields.DialCallStatus,
}));

function phoneNumber(from: string): string | undefined {
  return /^\+[1-9]\d{6,14}$/.test(from) ? from : undefined;
}
