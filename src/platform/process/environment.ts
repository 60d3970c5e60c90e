import * as z from 'zod';

/** The environment is invalid; the message lists every mistake with its remedy, for the person who corrects it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** One variable of the environment. */
export interface Variable<Schema extends z.ZodType = z.ZodType> {
  /** Schema of the trimmed text; optional or with a default if the variable may be missing. */
  readonly schema: Schema;
  /** How to obtain the value. Production does not start without a variable that has a remedy. */
  readonly remedy?: string;
  /** A stricter schema in production. */
  readonly productionSchema?: z.ZodType;
}

/** Variables by name. Each is declared where it is used; the root joins all declarations. */
export type Variables = Readonly<Record<string, Variable>>;

export type ValuesOf<Declared extends Variables> = {
  readonly [Name in keyof Declared]: z.output<Declared[Name]['schema']>;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** Parses the declared variables; throws a `ConfigError` that lists every problem. */
export function readEnvironment<Declared extends Variables>(
  declared: Declared,
  environment: Environment,
  { isProduction }: { readonly isProduction: boolean },
): ValuesOf<Declared> {
  const shape = Object.fromEntries(Object.entries(declared).map(([name, { schema }]) => [name, schema]));
  const set = withoutBlanks(environment);
  // A value may be a misplaced secret, so it never appears in an error.
  const parsed = z.object(shape).safeParse(set, { reportInput: false });
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`),
    // Checked even if something else is invalid, so that one start reports everything.
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

/** `NAME=` in a file means "not set"; surrounding spaces are ignored. */
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

/** A list such as `a, b`; parts are trimmed, empty ones dropped. */
export const commaList = z.string().transform((text) => text.split(',').flatMap((part) => part.trim() || []));
