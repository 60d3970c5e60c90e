import type { Id } from '../../../platform/data/ids.ts';

/* The kinds of ids, each with its prefix. */

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
/** A person or a thing that performs services. */
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
/** A source of the knowledge base. */
export type KnowledgeSourceId = KnowledgeEntryId | KnowledgeFileId;
export type KnowledgeQuestionId = Id<'kqu'>;
/** The carrier's ids: `CA…` for a call leg, `MZ…` for one of its media streams. */
export type CallSid = string & { readonly __brand: 'CallSid' };
export type StreamSid = string & { readonly __brand: 'StreamSid' };
