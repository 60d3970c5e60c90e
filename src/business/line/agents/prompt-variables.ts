/** The variables that instructions may name as `{{…}}`, and their meanings. `src/agent/prompt` fills them in. */
export const promptVariables = {
  'agent.name': 'The name of the agent.',
  'business.name': 'The name of the business.',
  'business.timeZone': 'The time zone of the business, such as America/New_York.',
  'business.hours': 'The opening hours of the business, in words.',
  'business.phone': 'The number that was dialled.',
  'caller.name': 'The name of the caller, where it is on record.',
  'caller.phone': 'The number of the caller, unless it is withheld.',
  'call.date': 'The day of the conversation, at the business.',
  'call.time': 'The time the conversation began, at the business.',
} as const;

export type PromptVariable = keyof typeof promptVariables;

/** The greeting is synthesised before a call comes in, so it cannot name the caller. */
export const greetingVariables: readonly PromptVariable[] = ['agent.name', 'business.name'];

export const instructionVariables = Object.keys(promptVariables) as PromptVariable[];

/** The texts in `{{…}}` that are not among `known`, each once, whether they could be names or not. */
export function unknownVariables(text: string, known: readonly string[]): readonly string[] {
  const named = [...text.matchAll(/\{\{([^{}]*)\}\}/g)].map(([, name]) => name!.trim());
  return [...new Set(named)].filter((name) => !known.includes(name));
}
