import { z } from 'zod';
import { NotFound } from '../process/errors.ts';
import { type Id, parseId } from '../data/ids.ts';

const suffixExample = '01h2xcejqtf2nbrexx3vqjhp41';

/** An id that a client sends in a body or a query; of another kind or form it is refused as input. */
export function idInput<Prefix extends string>(prefix: Prefix) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-z]{26}$`), `must be an id such as ${prefix}_${suffixExample}`)
    .transform((text) => text as Id<Prefix>)
    .meta({ examples: [`${prefix}_${suffixExample}`] });
}

/** An id as it is answered. */
export function idOutput(prefix: string) {
  return z.string().meta({ examples: [`${prefix}_${suffixExample}`] });
}

/** An id as it is stored and answered. */
export function idOf<Prefix extends string>(prefix: Prefix) {
  return z
    .custom<Id<Prefix>>((value) => typeof value === 'string')
    .meta({
      type: 'string',
      examples: [`${prefix}_${suffixExample}`],
    });
}

/** The id in a path; what cannot be one is as unknown as one that is not there. */
export function idInPath<Prefix extends string>(prefix: Prefix, text: string, what: string): Id<Prefix> {
  const id = parseId(prefix, text);
  if (id === undefined) throw new NotFound(`There is no such ${what}.`);
  return id;
}
