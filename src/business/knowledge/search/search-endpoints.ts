import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Db } from '../../../platform/data/db.ts';
import { idInPath, idParams } from '../../../platform/http/rest-ids.ts';
import { actorOf, tenantOf } from '../../tenancy/access/actor.ts';
import { changing, creating, reading } from '../../tenancy/access/responses.ts';
import {
  answerQuestion,
  getQuestion,
  listQuestions,
  setQuestionStatus,
} from '../questions/question-service.ts';
import { entrySchema, presentEntry } from '../sources/source.ts';
import type { KnowledgeSearch } from './knowledge-search.ts';
import * as schema from './search-result.ts';

const tags = ['Knowledge'];
const read = { access: { permission: 'knowledge:read' } } as const;
const write = { access: { permission: 'knowledge:write' } } as const;
const idOf = ({ id }: { readonly id: string }) => idInPath('kqu', id, 'question');

/** A person at a screen waits for the better answer; the agent on a call has its own, shorter deadline. */
const DEADLINE_MS = 2_000;

export interface KnowledgeSearchRoutesDependencies {
  readonly db: Db;
  readonly knowledgeSearch: Pick<KnowledgeSearch, 'search'>;
}

export const knowledgeSearchRoutes: FastifyPluginAsyncZod<KnowledgeSearchRoutesDependencies> = async (
  app,
  { db, knowledgeSearch },
) => {
  app.get(
    '/v1/knowledge/search',
    {
      config: read,
      schema: {
        tags,
        summary: 'Search as the agent does',
        description: 'By words, and by meaning where that can be compared. The best first.',
        querystring: schema.searchQuery,
        response: { 200: schema.searchResultSchema, ...reading },
      },
    },
    async (request) => {
      const { q: question, limit } = request.query;
      const search = { question, limit, deadlineMs: DEADLINE_MS };
      const { mode, passages, isAnswered } = await knowledgeSearch.search(tenantOf(request), search);
      const data = passages.map(schema.presentPassage);
      return {
        mode: mode === 'hybrid' ? ('hybrid' as const) : ('text' as const),
        answered: isAnswered,
        data,
      };
    },
  );

  app.get(
    '/v1/knowledge/questions',
    {
      config: read,
      schema: {
        tags,
        summary: 'List what callers ask',
        description: 'Counted once for each call or chat in which the agent looked for the answer.',
        querystring: schema.questionQuery,
        response: { 200: schema.questionPageSchema, ...reading },
      },
    },
    (request) => listQuestions(db, actorOf(request), request.query, schema.presentQuestion),
  );

  app.get(
    '/v1/knowledge/questions/:id',
    {
      config: read,
      schema: {
        tags,
        summary: 'Read a question, and in which calls it was asked',
        params: idParams,
        response: { 200: schema.questionDetailSchema, ...reading },
      },
    },
    async (request) =>
      schema.presentQuestionDetail(await getQuestion(db, actorOf(request), idOf(request.params))),
  );

  app.post(
    '/v1/knowledge/questions/:id/answer',
    {
      config: { ...write, idempotent: true },
      schema: {
        tags,
        summary: 'Answer a question by writing an entry',
        description: 'If callers ask it again and still nothing fitting is found, it is open again.',
        params: idParams,
        body: schema.questionAnswerSchema,
        response: { 201: entrySchema, ...creating },
      },
    },
    async (request, reply) => {
      const { text, title, language } = request.body;
      const answer = { text, ...(title && { title }), ...(language && { language }) };
      const entry = await answerQuestion(db, actorOf(request), idOf(request.params), answer);
      return reply.code(201).send(presentEntry(entry));
    },
  );

  app.patch(
    '/v1/knowledge/questions/:id',
    {
      config: write,
      schema: {
        tags,
        summary: 'Put a question aside, or take it up again',
        params: idParams,
        body: schema.questionChangesSchema,
        response: { 200: schema.questionSchema, ...changing },
      },
    },
    async (request) => {
      const { status } = request.body;
      return schema.presentQuestion(
        await setQuestionStatus(db, actorOf(request), idOf(request.params), status),
      );
    },
  );
};
