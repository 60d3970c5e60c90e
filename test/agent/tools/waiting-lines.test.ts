import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { businessTools, toolNames, toolsFor } from '../../../src/agent/tools/registry.ts';
import { waitingLine, waitingLinesOf } from '../../../src/agent/tools/waiting-lines.ts';
import { agentConfig, targets } from '../agent-fixture.ts';

const languages = ['en-US', 'de-DE', 'es-ES', 'fr-FR'];

function linesIn(language: string): readonly (string | undefined)[] {
  return businessTools.map(({ name }) => waitingLine(agentConfig({ language }), name));
}

/** Every string in a JSON file of prompts/. */
function storedLines(folder: string): readonly string[] {
  return readdirSync(join('prompts', folder)).flatMap((file) =>
    Object.values(JSON.parse(readFileSync(join('prompts', folder, file), 'utf8')) as Record<string, string>),
  );
}

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*.*?\*\/|\/\/ [^\n]*/gs, '');
}

describe('waiting lines of tools', () => {
  it.each(languages)(
    'exist for every tool that takes time, in %s, each a sentence of its own',
    (language) => {
      const lines = linesIn(language);
      expect(lines).not.toContain(undefined);
      expect(new Set(lines).size).toBe(businessTools.length);
      for (const line of lines) expect(line).toMatch(/^\p{Lu}.{8,60}\.$/u);
    },
  );

  it('are spoken in the language of the agent, and in English where there are none in it', () => {
    const lineIn = (language: string) => waitingLine(agentConfig({ language }), 'book_appointment');
    expect(lineIn('de-AT')).toBe('Ich trage den Termin für Sie ein.');
    expect(lineIn('ja-JP')).toBe(lineIn('en-GB'));
    const english = new Set(linesIn('en-US'));
    for (const language of languages.slice(1)) {
      expect(linesIn(language).filter((line) => english.has(line))).toEqual([]);
    }
  });

  it('name no tool that does not exist', () => {
    const names = readdirSync('prompts/tools').flatMap((file) =>
      Object.keys(JSON.parse(readFileSync(join('prompts/tools', file), 'utf8')) as object),
    );
    expect(names.filter((name) => !toolNames.includes(name))).toEqual([]);
  });

  it('of an agent are those of its tools, and the one that the business has written', () => {
    const agent = agentConfig({
      language: 'fr',
      tools: ['take_message', 'find_order', 'transfer_call'],
      transferTargets: targets,
      toolSettings: { find_order: { waitingLine: 'Un petit instant.' } },
    });
    expect(waitingLinesOf(agent).toSorted()).toEqual(['Je note votre message.', 'Un petit instant.']);
  });
});

describe('the source of the server', () => {
  it('holds no sentence that is spoken: those are in prompts/, by language', () => {
    const spoken = ['phrases', 'tools'].flatMap(storedLines);
    const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => withoutComments(readFileSync(join('src', name), 'utf8')));
    expect(spoken.filter((line) => source.some((text) => text.includes(line)))).toEqual([]);
  });

  it('gives a tool no text of its own but what the model reads', () => {
    const forModel = new Set(['name', 'description', 'effect', 'needs', 'failureNote']);
    const all = toolsFor(agentConfig({ tools: [...toolNames], transferTargets: targets }));
    const others = all.flatMap((tool) =>
      Object.entries(tool).filter(([key, value]) => typeof value === 'string' && !forModel.has(key)),
    );
    expect(others).toEqual([]);
  });
});
