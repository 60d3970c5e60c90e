import type { Id } from '../../../platform/data/ids.ts';

/* The kinds of ids, one line each: what stands in front of an id names its kind. */

export type AgentId = Id<'agt'>;
export type AgentVersionId = Id<'agv'>;
export type PhoneNumberId = Id<'num'>;
export type CustomerId = Id<'cus'>;
export type CallId = Id<'call'>;
export type ConversationId = Id<'cnv'>;
export type ReplyId = Id<'rpl'>;
export type TicketId = Id<'tkt'>;
export type ProductId = Id<'prd'>;
export type OrderId = Id<'ord'>;
export type ServiceId = Id<'svc'>;
/** Who or what performs services. */
export type ResourceId = Id<'rsc'>;
export type BookingId = Id<'bkg'>;
export type PhoneMessageId = Id<'msg'>;
export type ApiKeyId = Id<'key'>;
export type PersonId = Id<'per'>;
export type MemberId = Id<'mem'>;
export type SessionId = Id<'ses'>;
export type AuditEntryId = Id<'aud'>;
export type AlertId = Id<'alt'>;
export type ChatId = Id<'chat'>;
export type StaffId = Id<'stf'>;
export type KnowledgeEntryId = Id<'ken'>;
export type KnowledgeFileId = Id<'kfl'>;
/** What the agent may know something from. */
export type KnowledgeSourceId = KnowledgeEntryId | KnowledgeFileId;
export type KnowledgeQuestionId = Id<'kqu'>;
/** What the carrier calls things: `CA…` for a call leg, `MZ…` for one media stream of it. */
export type CallSid = string & { readonly __brand: 'CallSid' };
export type StreamSid = string & { readonly __brand: 'StreamSid' };
