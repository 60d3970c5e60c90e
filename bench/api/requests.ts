import type { FilledDatabase } from './fill.ts';
import type { ApiRequest } from './client-message.ts';

export type RouteName =
  | 'sign in'
  | 'list calls'
  | 'get a transcript'
  | 'create a ticket'
  | 'search knowledge';

export interface RouteLoad {
  readonly name: RouteName;
  readonly connections: number;
  readonly requests: readonly ApiRequest[];
  readonly variesAddress: boolean;
}

export const listPath = '/v1/calls?limit=20';

const CONNECTIONS = 10;
/** No identity may have more than ten attempts under way, and the server checks two passwords at a time. */
const SIGN_IN_CONNECTIONS = 4;

const owner = {
  email: 'owner@bench.example',
  password: 'a bicycle in the rain',
  name: 'Robin Bench',
  businessName: 'Benchmark',
};
const json = { 'content-type': 'application/json' };

/** Topics of the knowledge base, to which the questions below refer. */
const topics = [
  'rental',
  'wheels',
  'brakes',
  'batteries',
  'delivery',
  'parking',
  'helmets',
  'children',
] as const;
const ENTRIES = 40;

/** Creates over HTTP what the requests need: an account that signs in, and knowledge to find. */
export async function prepareRequests(
  url: string,
  { apiKey, sampledCallIds }: FilledDatabase,
): Promise<readonly RouteLoad[]> {
  const authorization = `Bearer ${apiKey}`;
  await post(`${url}/v1/auth/sign-up`, json, owner);
  for (let i = 0; i < ENTRIES; i += 1) {
    const topic = topics[i % topics.length]!;
    await post(
      `${url}/v1/knowledge/entries`,
      { ...json, authorization },
      {
        title: `What about ${topic}, part ${i + 1}?`,
        text: `This is what we say about ${topic}: number ${i + 1} of our rules holds from Monday to Saturday.`,
      },
    );
  }
  const get = (path: string): ApiRequest => ({ method: 'GET', path, headers: { authorization } });
  const send = (path: string, headers: ApiRequest['headers'], body: object): ApiRequest => ({
    method: 'POST',
    path,
    headers: { ...json, ...headers },
    body: JSON.stringify(body),
  });
  const { email, password } = owner;
  const ticket = {
    subject: 'Brakes squeak',
    description: 'Since the tune-up last week.',
    category: 'repair',
    priority: 'normal',
  };
  const searches = topics.map((topic) =>
    get(`/v1/knowledge/search?q=${encodeURIComponent(`What about ${topic}?`)}`),
  );
  const load = (name: RouteName, requests: readonly ApiRequest[]): RouteLoad => ({
    name,
    requests,
    connections: CONNECTIONS,
    variesAddress: false,
  });
  return [
    {
      name: 'sign in',
      connections: SIGN_IN_CONNECTIONS,
      requests: [send('/v1/auth/sign-in', {}, { email, password })],
      variesAddress: true,
    },
    load('list calls', [get(listPath)]),
    load(
      'get a transcript',
      sampledCallIds.map((id) => get(`/v1/calls/${id}/transcript`)),
    ),
    load('create a ticket', [send('/v1/tickets', { authorization }, ticket)]),
    load('search knowledge', searches),
  ];
}

/** The usual requests of an API client, without sign-ins. */
export function everydayRequests(routes: readonly RouteLoad[]): readonly ApiRequest[] {
  const daily = routes.filter(({ name }) => name !== 'sign in');
  return Array.from({ length: 50 }, (_, turn) =>
    daily.map(({ requests }) => requests[turn % requests.length]!),
  ).flat();
}

async function post(url: string, headers: Readonly<Record<string, string>>, body: object): Promise<void> {
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (response.status !== 201) throw new Error(`${url}: ${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}
