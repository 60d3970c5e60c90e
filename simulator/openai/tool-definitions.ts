import { isObject } from '../vendor-server.ts';
import { invalidRequest, type ApiError } from './api-error.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly parameters: JsonSchema;
}

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const MAX_NESTING = 10;
const FORBIDDEN_IN_STRICT = ['allOf', 'not', 'if', 'then', 'else', 'dependentRequired', 'dependentSchemas'];

export function parseTools(list: unknown): OfferedTool[] | ApiError {
  if (list === undefined) return [];
  if (!Array.isArray(list) || list.length === 0)
    return invalidRequest("Invalid 'tools': empty array. Expected an array with minimum length 1.", 'tools');
  const tools: OfferedTool[] = [];
  for (const [index, item] of (list as unknown[]).entries()) {
    const at = `tools[${index}].function`;
    const definition = isObject(item) && item['type'] === 'function' ? item['function'] : undefined;
    if (!isObject(definition)) return invalidRequest(`Missing required parameter: '${at}'.`, at);
    const { name, description = '', parameters = {}, strict } = definition;
    if (typeof name !== 'string' || !NAME.test(name))
      return invalidRequest(
        `Invalid '${at}.name': string does not match pattern.`,
        `${at}.name`,
        'invalid_value',
      );
    if (tools.some((tool) => tool.name === name))
      return invalidRequest(`Duplicate tool name '${name}'.`, `${at}.name`);
    if (!isObject(parameters)) return invalidSchema(name, 'parameters must be an object', at);
    const wrong = strict === true ? (checkRoot(parameters) ?? checkStrict(parameters, 1)) : undefined;
    if (wrong) return invalidSchema(name, wrong, at);
    tools.push({ name, description: String(description), parameters });
  }
  return tools;
}

function invalidSchema(name: string, why: string, at: string): ApiError {
  const message = `Invalid schema for function '${name}': ${why}.`;
  return invalidRequest(message, `${at}.parameters`, 'invalid_function_parameters');
}

function checkRoot(schema: JsonSchema): string | undefined {
  return schema['type'] === 'object' && schema['anyOf'] === undefined
    ? undefined
    : 'the root must be of type object, without anyOf';
}

/** The vendor's rules for schemas it promises to keep to. */
function checkStrict(schema: JsonSchema, depth: number): string | undefined {
  if (depth > MAX_NESTING) return `more than ${MAX_NESTING} levels of nesting`;
  const forbidden = FORBIDDEN_IN_STRICT.find((keyword) => schema[keyword] !== undefined);
  if (forbidden) return `'${forbidden}' is not permitted`;
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const isObjectSchema = schema['type'] === 'object' || schema['properties'] !== undefined;
  if (isObjectSchema) {
    if (schema['additionalProperties'] !== false)
      return "'additionalProperties' is required to be supplied and to be false";
    const required = Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [];
    const missing = Object.keys(properties).find((name) => !required.includes(name));
    if (missing) return `'required' must include every key in properties. Missing '${missing}'`;
  }
  const inner = [
    ...Object.values(properties),
    schema['items'],
    ...(Array.isArray(schema['anyOf']) ? (schema['anyOf'] as unknown[]) : []),
  ];
  for (const part of inner) {
    const wrong = isObject(part) ? checkStrict(part, depth + 1) : undefined;
    if (wrong) return wrong;
  }
  return undefined;
}
