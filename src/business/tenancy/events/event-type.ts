import { z } from 'zod';
import type { PersonalDataCipher } from '../../../platform/crypto/personal-data.ts';

/** What an event type stores: fields of the resource before and after, and other facts. */
export interface EventSpec {
  /** Incremented when a field is renamed, removed or changes its meaning; a new optional field needs no new version. */
  readonly version?: number;
  /** One sentence for docs/EVENTS.md. */
  readonly says: string;
  readonly before?: z.ZodObject;
  readonly after?: z.ZodObject;
  readonly details?: z.ZodObject;
  /** False if the audit log leaves it out. */
  readonly audited?: boolean;
}

type FieldOf<
  Spec extends EventSpec,
  Field extends 'before' | 'after' | 'details',
> = Spec[Field] extends z.ZodObject ? { readonly [Name in Field]: z.output<Spec[Field]> } : unknown;

interface EventOrigin {
  readonly subject: string;
  /** When it happened, if not now: events of a call are ingested later from its journal. */
  readonly at?: Date | undefined;
}

/** Input of an event: the subject's id and the fields that the type declares. */
export type EventInput<Spec extends EventSpec> = EventOrigin &
  FieldOf<Spec, 'before'> &
  FieldOf<Spec, 'after'> &
  FieldOf<Spec, 'details'>;

export interface EventType {
  /** Resource and past participle: `booking.cancelled`. */
  readonly type: string;
  /** The kind of the subject, in the singular, such as `booking`. */
  readonly resource: string;
  readonly version: number;
  readonly says: string;
  readonly audited: boolean;
  readonly spec: EventSpec;
}

/** An event that is not recorded yet. */
export interface NewDomainEvent {
  readonly eventType: EventType;
  readonly subject: string;
  /** Now by default. */
  readonly at?: Date | undefined;
  /** Data as the schemas encode it; `storedData` converts it to the stored JSON. */
  readonly data: EventData;
}

export interface EventData {
  readonly before?: Readonly<Record<string, unknown>>;
  readonly after?: Readonly<Record<string, unknown>>;
  readonly details?: Readonly<Record<string, unknown>>;
}

export type DeclaredEvent<Spec extends EventSpec> = EventType & ((input: EventInput<Spec>) => NewDomainEvent);

/**
 * Declares the events of one resource: `defineEvents('booking', { cancelled: { says: …, before: facts, after: facts }
 * })` gives `bookingEvents.cancelled({ subject, before, after })`. Only fields in the schemas are stored, so that
 * nothing personal or secret is recorded by accident.
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

/** Parses stored data by its schema; an error names the event type. */
export function decodeData(eventType: EventType, stored: unknown): EventData {
  const data = (stored ?? {}) as EventData;
  return Object.fromEntries(
    parts.flatMap((part) => {
      const schema = eventType.spec[part];
      return schema === undefined || data[part] === undefined ? [] : [[part, z.decode(schema, data[part])]];
    }),
  );
}

/** A personal value of an event that is not recorded yet; the transaction's cipher has the key of its mark. */
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
 * A personal value in an event, stored as a short keyed hash that shows whether it changed and not what it is, because
 * events are kept when a person is erased.
 */
export const personalMark = z.codec(z.union([z.string(), z.instanceof(PersonalValue)]), z.unknown(), {
  decode: (mark) => mark,
  encode: (value) => (value === null || value === undefined || value === '' ? '' : new PersonalValue(value)),
});

/** The stored JSON of an event, with a mark instead of each personal value. */
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

/** The beginning of a text that a person wrote. */
export const eventText = z.codec(z.string(), z.string(), {
  decode: (text) => text,
  encode: (text) =>
    text.length <= longestTextChars
      ? text
      : `${text.slice(0, longestTextChars)}… (${text.length} characters)`,
});
