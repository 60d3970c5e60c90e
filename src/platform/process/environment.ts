import * as z from 'zod';

/** The environment is for a person to correct: the message names everything that is wrong and what to do about each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** One variable of the environment. */
export interface Variable<Schema extends z.ZodType = z.ZodType> {
  /** Of its text without blanks around it; a variable that may be left out is optional or has a default. */
  readonly schema: Schema;
  /** Production does not start without it: where to get it, or how to make it. */
  readonly remedy?: string;
  /** What production demands of it beyond `schema`. */
  readonly productionSchema?: z.ZodType;
}

/** By name. Whoever reads a variable declares it; the root joins all declarations into one. */
export type Variables = Readonly<Record<string, Variable>>;

export type ValuesOf<Declared extends Variables> = {
  readonly [Name in keyof Declared]: z.output<Declared[Name]['schema']>;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** The values of the variables declared, checked; a `ConfigError` names every problem in one message. */
export function readEnvironment<Declared extends Variables>(
  declared: Declared,
  environment: Environment,
  { isProduction }: { readonly isProduction: boolean },
): ValuesOf<Declared> {
  const shape = Object.fromEntries(Object.entries(declared).map(([name, { schema }]) => [name, schema]));
  const set = withoutBlanks(environment);
  // A value may be a secret that was put in the wrong place: it is never repeated.
  const parsed = z.object(shape).safeParse(set, { reportInput: false });
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`),
    // Looked for even when something else is malformed: one start names everything.
    ...(isProduction ? productionProblems(declared, set) : []),
  ];
  if (!parsed.success || problems.length > 0) {
    const list = problems.map((problem) => `  - ${problem}`).join('\n');
    throw new ConfigError(
      `The environment needs attention:\n${list}\nEvery variable is described in .env.example.`,
    );
  }
  return parsed.data as ValuesOf<Declared>;
}

function productionProblems(declared: Variables, set: Readonly<Record<string, string>>): string[] {
  return Object.entries(declared).flatMap(([name, { remedy, productionSchema }]) => {
    const text = set[name];
    if (text === undefined) return remedy === undefined ? [] : [`${name} is missing: ${remedy}`];
    const issues = productionSchema?.safeParse(text, { reportInput: false }).error?.issues ?? [];
    return issues.map(({ message }) => `${name} ${message}`);
  });
}

/** `NAME=` in a file means "not set", and a stray space is never meant. */
function withoutBlanks(environment: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => {
      const trimmed = value?.trim() ?? '';
      return trimmed === '' ? [] : [[name, trimmed]];
    }),
  );
}

/** An http(s) address to which paths are appended. */
export const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
  .refine((text) => !/[?#]/.test(text), 'must not have a query or a fragment')
  .transform((text) => text.replace(/\/+$/, ''));

export function wholeNumber(from: number, to: number) {
  return z.coerce
    .number({ error: `must be a whole number from ${from} to ${to}` })
    .int(`must be a whole number from ${from} to ${to}`)
    .min(from, `must be at least ${from}`)
    .max(to, `must be at most ${to}`);
}

export function addressOf(protocol: RegExp, example: string) {
  return z.url({ protocol, error: `must be an address such as ${example}` });
}

/** `a, b`: parts without blanks around them, empty ones left out. */
export const commaList = z.string().transform((text) => text.split(',').flatMap((part) => part.trim() || []));
