import { z } from 'zod';
import { NotFound } from '../process/errors.ts';
import { type Id, parseId } from '../data/ids.ts';

const suffixExample = '01h2xcejqtf2nbrexx3vqjhp41';

/** An id in a body or a query; any other form or kind is invalid input. */
export function idInput<Prefix extends string>(prefix: Prefix) {
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-z]{26}$`), `must be an id such as ${prefix}_${suffixExample}`)
    .transform((text) => text as Id<Prefix>)
    .meta({ examples: [`${prefix}_${suffixExample}`] });
}

/** An id in a response. */
export function idOutput(prefix: string) {
  return z.string().meta({ examples: [`${prefix}_${suffixExample}`] });
}

/** An id of a row and in a response. */
export function idOf<Prefix extends string>(prefix: Prefix) {
  return z
    .custom<Id<Prefix>>((value) => typeof value === 'string')
    .meta({
      type: 'string',
      examples: [`${prefix}_${suffixExample}`],
    });
}

/** An id in a path; a malformed one is `NotFound`, like one that does not exist. */
export function idInPath<Prefix extends string>(prefix: Prefix, text: string, what: string): Id<Prefix> {
  const id = parseId(prefix, text);
  if (id === undefined) throw new NotFound(`There is no such ${what}.`);
  return id;
}
