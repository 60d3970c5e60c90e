import { z } from 'zod';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';

/** What an event type stores of the thing before and after, and what else belongs to the fact. */
export interface EventSpec {
  /** Counted up when a field is renamed, removed or changes its meaning; a new optional field is no new version. */
  readonly version?: number;
  /** One sentence for docs/EVENTS.md: what has happened. */
  readonly says: string;
  readonly before?: z.ZodObject;
  readonly after?: z.ZodObject;
  readonly details?: z.ZodObject;
  /** False for what the audit log leaves out. */
  readonly audited?: boolean;
}

type FieldOf<
  Spec extends EventSpec,
  Field extends 'before' | 'after' | 'details',
> = Spec[Field] extends z.ZodObject ? { readonly [Name in Field]: z.output<Spec[Field]> } : unknown;

interface EventOrigin {
  readonly subject: string;
  /** When it happened, where that is not now: what a call's journal tells later. */
  readonly at?: Date | undefined;
}

/** What the caller of `happened` says: the subject's id and the fields that the type declares. */
export type EventInput<Spec extends EventSpec> = EventOrigin &
  FieldOf<Spec, 'before'> &
  FieldOf<Spec, 'after'> &
  FieldOf<Spec, 'details'>;

export interface EventType {
  /** Resource and past participle: `booking.cancelled`. */
  readonly type: string;
  /** The kind of the subject, in the singular: `booking`. */
  readonly resource: string;
  readonly version: number;
  readonly says: string;
  readonly audited: boolean;
  readonly spec: EventSpec;
}

/** Something that has happened, not yet on record. */
export interface NewDomainEvent {
  readonly eventType: EventType;
  readonly subject: string;
  /** Now, where left out. */
  readonly at?: Date | undefined;
  /** As the schemas encode it; `storedData` makes the JSON of it that is stored. */
  readonly data: EventData;
}

export interface EventData {
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly details?: Readonly<Record<string, unknown>>;
}

export type DeclaredEvent<Spec extends EventSpec> = EventType & ((input: EventInput<Spec>) => NewDomainEvent);

/**
 * Declares the events of one resource: `defineEvents('booking', { cancelled: { says: …, before: facts, after: facts } })`
 * gives `bookingEvents.cancelled({ subject, before, after })`. The schemas decide what is stored: a field they do not
 * name is not, so that nothing personal or secret gets onto the record unless it is named here.
 */
export function defineEvents<const Specs extends Readonly<Record<string, EventSpec>>>(
  resource: string,
  specs: Specs,
): { readonly [Name in keyof Specs]: DeclaredEvent<Specs[Name]> } {
  const declared = Object.entries(specs).map(
    ([name, spec]) => [name, declare(resource, name, spec)] as const,
  );
  return Object.fromEntries(declared) as unknown as {
    readonly [Name in keyof Specs]: DeclaredEvent<Specs[Name]>;
  };
}

function declare<Spec extends EventSpec>(resource: string, name: string, spec: Spec): DeclaredEvent<Spec> {
  const eventType: EventType = {
    type: `${resource}.${name}`,
    resource,
    version: spec.version ?? 1,
    says: spec.says,
    audited: spec.audited ?? true,
    spec,
  };
  const make = (input: EventInput<Spec>): NewDomainEvent => ({
    eventType,
    subject: input.subject,
    at: input.at,
    data: encodeData(spec, input as EventData),
  });
  return Object.assign(make, eventType);
}

const parts = ['before', 'after', 'details'] as const;

function encodeData(spec: EventSpec, input: EventData): EventData {
  return Object.fromEntries(
    parts.flatMap((part) => {
      const schema = spec[part];
      return schema === undefined ? [] : [[part, z.encode(schema, input[part] ?? {})]];
    }),
  );
}

/** Reads what was stored by its schema; an error names the event type whose record does not fit. */
export function decodeData(eventType: EventType, stored: unknown): EventData {
  const data = (stored ?? {}) as EventData;
  return Object.fromEntries(
    parts.flatMap((part) => {
      const schema = eventType.spec[part];
      return schema === undefined || data[part] === undefined ? [] : [[part, z.decode(schema, data[part])]];
    }),
  );
}

/** A personal value of an event that is not yet on record; the key of its mark is the transaction's. */
class PersonalValue {
  readonly #value: unknown;

  constructor(value: unknown) {
    this.#value = value;
  }

  markWith(cipher: PersonalDataCipher): string {
    return `[personal ${cipher.blindIndex(JSON.stringify(this.#value)).slice(0, 4)}]`;
  }
}

/**
 * A personal value in an event: stored as a short mark that tells whether it changed and not what it is, because the
 * record outlives a person's wish to be erased.
 */
export const personalMark = z.codec(z.union([z.string(), z.instanceof(PersonalValue)]), z.unknown(), {
  decode: (mark) => mark,
  encode: (value) => (value === null || value === undefined || value === '' ? '' : new PersonalValue(value)),
});

/** The JSON that is stored of an event, with a mark in the place of each personal value. */
export function storedData(cipher: PersonalDataCipher, data: EventData): string {
  return JSON.stringify(data, (_name, value: unknown) =>
    value instanceof PersonalValue ? value.markWith(cipher) : value,
  );
}

/** An instant in an event. */
export const eventInstant = z.codec(z.iso.datetime(), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

const longestTextChars = 2_000;

/** A text that a person wrote, by its beginning. */
export const eventText = z.codec(z.string(), z.string(), {
  decode: (text) => text,
  encode: (text) =>
    text.length <= longestTextChars
      ? text
      : `${text.slice(0, longestTextChars)}… (${text.length} characters)`,
});
