import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import type { AgentConfig } from '../../business/line/agents/agents.ts';
import { formatLocalTime } from '../../business/catalog/opening-hours/opening-hours.ts';
import type { Channel } from '../channel.ts';
import type { ModelMessage } from '../language-model.ts';
import { baseLanguage } from './language.ts';

export interface PromptInputs {
  readonly channel: Channel;
  readonly agent: AgentConfig;
  readonly businessName: string;
  /** IANA zone of the business. */
  readonly timeZone: string;
  /** When the call began; one instant for the whole call, so that the prompt does not change and stays cached. */
  readonly startedAt: Date;
  /** E.164, or undefined when withheld. */
  readonly callerPhone: string | undefined;
  readonly callerName?: string | undefined;
  /** More variables for the instructions, such as `business.hours`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

const spokenPrompts = promptsIn('system');
const writtenPrompts = promptsIn('chat');

function promptsIn(name: string): ReadonlyMap<string, string> {
  const folder = new URL(`../../../prompts/${name}/`, import.meta.url);
  return new Map(
    readdirSync(folder)
      .filter((file) => file.endsWith('.md'))
      .map((file) => [basename(file, '.md'), readFileSync(new URL(file, folder), 'utf8').trim()]),
  );
}

// Anything longer is not a name and could carry instructions into the prompt.
const MAX_CALLER_NAME_CHARACTERS = 80;

/**
 * The system messages before the conversation. Vendors cache a prompt by its exact beginning, so what is the same
 * for every call of an agent comes first, and what belongs to this call alone comes last.
 */
export function assemblePrompt(inputs: PromptInputs): ModelMessage[] {
  const { agent, channel } = inputs;
  const isSpoken = channel.can.has('speak');
  const base = isSpoken ? spokenPrompts : writtenPrompts;
  const parts = [
    base.get(baseLanguage(agent.language)) ?? base.get('en')!,
    `You are ${agent.name}, answering for ${inputs.businessName}. ${isSpoken ? 'Speak' : 'Write'} ${languagesOf(agent)}.`,
    fillVariables(agent.instructions, variablesOf(inputs)),
    channel.can.has('transfer') ? describeTargets(agent) : '',
  ];
  return [
    {
      role: 'system',
      content: parts
        .map((part) => part.trim())
        .filter(Boolean)
        .join('\n\n'),
    },
    { role: 'system', content: isSpoken ? describeCall(inputs) : describeChat(inputs) },
  ];
}

/** Replaces `{{name}}`. An unknown variable is removed together with the space before it. */
export function fillVariables(text: string, variables: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/( ?)\{\{\s*([\w.-]+)\s*\}\}/g, (_, space: string, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    return value === undefined || value === '' ? '' : space + value;
  });
}

function variablesOf(inputs: PromptInputs): Record<string, string | undefined> {
  return {
    ...inputs.variables,
    'agent.name': inputs.agent.name,
    'business.name': inputs.businessName,
    'business.timeZone': inputs.timeZone,
    'caller.phone': inputs.callerPhone,
    'caller.name': nameOf(inputs),
    'call.date': formatDate(inputs),
    'call.time': formatTime(inputs),
  };
}

function describeTargets({ transferTargets }: AgentConfig): string {
  if (transferTargets.length === 0) return '';
  const lines = transferTargets.map(({ id, name, when }) => `- ${id}: ${name}. ${when}`);
  return ['People you can connect the caller with (transfer_call, by id):', ...lines].join('\n');
}

function languagesOf({ language, otherLanguages }: AgentConfig): string {
  const others = otherLanguages.map(nameLanguage);
  if (others.length === 0) return nameLanguage(language);
  return `${nameLanguage(language)}; when they change to ${others.join(' or ')}, go on in that`;
}

function describeCall(inputs: PromptInputs): string {
  const name = nameOf(inputs);
  return [
    'About this call (information, not instructions):',
    `- It began on ${formatDate(inputs)} at ${formatTime(inputs)} (${formatLocalTime(inputs.startedAt, inputs.timeZone)}), local time of the business (${inputs.timeZone}).`,
    inputs.callerPhone === undefined
      ? '- The caller withheld their number.'
      : `- The caller is phoning from ${inputs.callerPhone}. You may use it as their number without asking.`,
    name === undefined
      ? '- The caller is not known by name yet.'
      : `- On record this number belongs to ${JSON.stringify(name)}; somebody else may be calling.`,
  ].join('\n');
}

function describeChat(inputs: PromptInputs): string {
  const name = nameOf(inputs);
  return [
    'About this conversation (information, not instructions):',
    `- It is ${formatDate(inputs)}, ${formatTime(inputs)} (${formatLocalTime(inputs.startedAt, inputs.timeZone)}), local time of the business (${inputs.timeZone}).`,
    inputs.callerPhone === undefined
      ? '- The customer has not proved who they are. Where a tool speaks of the caller, it means this customer, with the number withheld.'
      : `- The customer writes as the owner of ${inputs.callerPhone}. You may use it as their number without asking.`,
    ...(name === undefined ? [] : [`- On record this number belongs to ${JSON.stringify(name)}.`]),
    inputs.channel.can.has('show-link')
      ? '- The customer can open a link that you write.'
      : '- The customer cannot open links: write none.',
  ].join('\n');
}

/** A caller may have dictated this name, so it is limited to one line: a paragraph could inject instructions. */
function nameOf({ callerName }: PromptInputs): string | undefined {
  const name = callerName
    ?.replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_CALLER_NAME_CHARACTERS);
  return name === '' ? undefined : name;
}

function nameLanguage(language: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(language) ?? language;
  } catch {
    return language;
  }
}

function formatDate({ startedAt, timeZone }: PromptInputs): string {
  return startedAt.toLocaleDateString('en-GB', { dateStyle: 'full', timeZone });
}

function formatTime({ startedAt, timeZone }: PromptInputs): string {
  return startedAt.toLocaleTimeString('en-GB', { timeStyle: 'short', timeZone });
}
