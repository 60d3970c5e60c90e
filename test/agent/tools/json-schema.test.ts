import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { agentConfig, targets } from '../agent-fixture.ts';
import { strictJsonSchema, withoutNulls } from '../../../src/agent/tools/json-schema.ts';
import { modelTool, toolNames, toolsFor } from '../../../src/agent/tools/registry.ts';

/** Every object in a schema, itself included. */
function objectsOf(schema: unknown): Record<string, unknown>[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const inner = Object.values(schema).flatMap(objectsOf);
  return 'type' in schema && schema.type === 'object' ? [schema, ...inner] : inner;
}

describe('the schema a model is given', () => {
  it('requires every property, and makes optional ones nullable', () => {
    const schema = strictJsonSchema(
      z.object({ a: z.string().min(1).max(9), b: z.int().optional(), c: z.enum(['x', 'y']).optional() }),
    );
    expect(schema).toEqual({
      type: 'object',
      properties: {
        a: { type: 'string' },
        b: { type: ['integer', 'null'] },
        c: { type: ['string', 'null'], enum: ['x', 'y', null] },
      },
      required: ['a', 'b', 'c'],
      additionalProperties: false,
    });
  });

  it('keeps the limits a vendor knows, also inside lists', () => {
    const schema = strictJsonSchema(
      z.object({
        items: z.array(z.object({ n: z.int().min(1).max(5), note: z.string().optional() })).min(1),
      }),
    );
    expect(schema['properties']).toEqual({
      items: {
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          properties: { n: { type: 'integer', minimum: 1, maximum: 5 }, note: { type: ['string', 'null'] } },
          required: ['n', 'note'],
          additionalProperties: false,
        },
      },
    });
  });

  it('is strict for every tool there is, and described', () => {
    const tools = toolsFor(agentConfig({ tools: [...toolNames], transferTargets: targets }));
    expect(tools.map(({ name }) => name).toSorted()).toEqual([...toolNames].toSorted());
    for (const tool of tools) {
      const { name, description, parameters } = modelTool(tool);
      expect(name).toMatch(/^[a-z_]{1,64}$/);
      expect(description.length).toBeGreaterThan(30);
      for (const object of objectsOf(parameters)) {
        expect(object['additionalProperties']).toBe(false);
        expect(object['required']).toEqual(Object.keys(object['properties'] as object));
      }
      expect(JSON.stringify(parameters)).not.toMatch(/"(minLength|maxLength|default|\$schema)"/);
    }
  });

  it('is made once per tool, so that the prompt stays identical', () => {
    const config = agentConfig({ tools: ['find_order'] });
    expect(toolsFor(config)).toBe(toolsFor(config));
    expect(modelTool(toolsFor(config)[0]!)).toBe(modelTool(toolsFor(config)[0]!));
  });

  it('turns nulls back into what was left out, and leaves the rest', () => {
    expect(withoutNulls({ a: null, b: [{ c: null, d: 0 }], e: '' })).toEqual({ b: [{ d: 0 }], e: '' });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(withoutNulls(withoutNulls(value))).toEqual(withoutNulls(value));
      }),
    );
  });
});

const names = (tools: string[]) => toolsFor(agentConfig({ tools })).map(({ name }) => name);

describe('the tools of an agent', () => {
  it('are those it names, and the end of the call', () => {
    expect(names([])).toEqual(['end_call']);
    expect(names(['create_order', 'no_such_tool'])).toEqual(['create_order', 'end_call']);
  });

  it('include the tools they depend on: moving an appointment needs finding it', () => {
    expect(toolsFor(agentConfig({ tools: ['move_appointment'] })).map(({ name }) => name)).toEqual([
      'find_appointment',
      'move_appointment',
      'end_call',
    ]);
  });

  it('include no transfer for an agent without targets', () => {
    const tools = toolsFor(agentConfig({ tools: ['transfer_call'] }));
    expect(tools.map(({ name }) => name)).toEqual(['end_call']);
  });
});
