/** Checks a query parameter: returns what is wrong with the value, or undefined. */
export type ParameterRule = (value: string) => string | undefined;

export interface ParameterRules {
  readonly [name: string]: { readonly rule: ParameterRule; readonly repeatable?: boolean };
}

/** The first mistake in a query, in the vendor's wording. */
export function checkParameters(query: URLSearchParams, rules: ParameterRules): string | undefined {
  for (const name of new Set(query.keys())) {
    const parameter = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (!parameter) return `unknown query parameter '${name}'`;
    const values = query.getAll(name);
    if (values.length > 1 && !parameter.repeatable) return `'${name}' may be given only once`;
    for (const value of values) {
      const wrong = parameter.rule(value);
      if (wrong) return `'${name}' ${wrong}`;
    }
  }
  return undefined;
}

export const anyText: ParameterRule = (value) => (value === '' ? 'must not be empty' : undefined);

export function oneOf(...allowed: string[]): ParameterRule {
  return (value) => (allowed.includes(value) ? undefined : `must be one of ${allowed.join(', ')}`);
}

export const flag: ParameterRule = oneOf('true', 'false');

export function numberBetween(low: number, high: number): ParameterRule {
  return (value) => {
    const number = Number(value);
    const isInside = value.trim() !== '' && number >= low && number <= high;
    return isInside ? undefined : `must be a number from ${low} to ${high}`;
  };
}
