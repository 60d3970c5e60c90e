/** Models that answer chat requests, with the day they are shut down where one is announced. */
const CHAT_MODELS: Readonly<Record<string, string | null>> = {
  'gpt-6-luna': null,
  'gpt-6-sol': null,
  'gpt-6-astra': null,
  'gpt-6.1-terra': null,
  'gpt-6.1-sol': null,
  'gpt-5.6-luna': null,
  'gpt-5.6-terra': null,
  'gpt-5.6-sol': null,
  'gpt-5.5': null,
  'gpt-5.4': null,
  'gpt-5.4-mini': null,
  'gpt-5.4-nano': '2027-04-01',
  'gpt-5.1': '2027-04-01',
  'gpt-5': '2026-12-11',
  'gpt-5-mini': '2026-12-11',
  'gpt-5-nano': '2026-12-11',
  'gpt-4.1': '2027-01-14',
  'gpt-4.1-mini': '2027-01-14',
  'gpt-4o': '2027-01-14',
  'gpt-4o-mini': '2027-01-14',
};

export const EMBEDDING_DIMENSIONS: Readonly<Record<string, number>> = {
  'text-embedding-3-small': 1_536,
  'text-embedding-3-large': 3_072,
  'text-embedding-ada-002': 1_536,
};

export function isChatModel(model: string): boolean {
  return Object.hasOwn(CHAT_MODELS, model);
}

/** Models that reason before they answer unless the request sets another effort. */
export function isReasoningModel(model: string): boolean {
  return !model.startsWith('gpt-4');
}

/** The families that take function tools in chat completions only without reasoning: 5.4 and later. */
export function refusesToolsWithReasoning(model: string): boolean {
  const version = Number(/^gpt-(\d+(?:\.\d+)?)/.exec(model)?.[1] ?? 0);
  return version >= 5.4;
}

export function listModels(): object[] {
  const chat = Object.entries(CHAT_MODELS).map(([id, shutdownDate]) => modelObject(id, shutdownDate));
  return [...chat, ...Object.keys(EMBEDDING_DIMENSIONS).map((id) => modelObject(id, null))];
}

function modelObject(id: string, shutdownDate: string | null): object {
  return { id, object: 'model', created: 1_760_000_000, owned_by: 'openai', shutdown_date: shutdownDate };
}
