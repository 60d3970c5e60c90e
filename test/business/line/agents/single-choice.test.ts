import { describe, expect, it } from 'vitest';
import { defaultRecognisers, defaultVoices } from '../../../../src/business/line/agents/agent-config.ts';
import { applyPatch } from '../../../../src/business/line/agents/draft-patch.ts';
import { singleChoiceOf, storedConfigSchema } from '../../../../src/business/line/agents/single-choice.ts';
import { findPublishedVersion, getAgent } from '../../../../src/business/line/agents/agents.ts';
import { runInTenant } from '../../../../src/platform/data/tx.ts';
import { newId, parseId } from '../../../../src/platform/data/ids.ts';
import { type Caller, useRestApp } from '../../../support/rest-app.ts';
import { publishAgain } from './an-agent.ts';

const plain = {
  name: 'Robin',
  greeting: 'Hello.',
  instructions: '',
  voice: {},
  speechToText: {},
  model: {},
  tools: [],
  turnTaking: {},
  recording: {},
};

const read = (fields: object) => storedConfigSchema.parse({ ...plain, ...fields });

describe('a version stored when agents chose one recogniser and one voice', () => {
  it('is read with that choice first, and the others behind it', () => {
    const config = read({
      speechToText: { provider: 'deepgram-nova', keyterms: ['derailleur'] },
      voice: {
        provider: 'deepgram',
        elevenlabsVoiceId: 'mine',
        deepgramVoiceId: 'aura-2-apollo-en',
        speed: 1.1,
      },
    });
    expect(config.recognisers).toEqual([
      { provider: 'deepgram', model: 'nova' },
      { provider: 'deepgram', model: 'flux' },
    ]);
    expect(config.voices).toEqual([
      { provider: 'deepgram', voiceId: 'aura-2-apollo-en' },
      { provider: 'elevenlabs', voiceId: 'mine' },
    ]);
    expect(config).toMatchObject({ speechToText: { keyterms: ['derailleur'] }, voice: { speed: 1.1 } });
  });

  it('is read with the defaults where it chose nothing', () => {
    const { recognisers, voices } = read({});
    expect(recognisers).toEqual(defaultRecognisers);
    expect(voices).toEqual(defaultVoices);
  });

  it('is read the same once it has been stored anew', () => {
    const config = read({ voice: { provider: 'deepgram' } });
    expect(storedConfigSchema.parse(JSON.parse(JSON.stringify(config)))).toEqual(config);
    expect(read({ ...config, ...singleChoiceOf(config) })).toEqual(config);
  });
});

describe('a change by the fields of a single choice', () => {
  const change = (patch: object) => storedConfigSchema.parse(applyPatch(read({}), { ...patch }));

  it('puts the vendor first, names its voice, and leaves the rest', () => {
    expect(change({ voice: { provider: 'deepgram' } }).voices).toEqual(defaultVoices.toReversed());
    expect(change({ voice: { deepgramVoiceId: 'aura-2-draco-en' } }).voices).toEqual([
      defaultVoices[0],
      { provider: 'deepgram', voiceId: 'aura-2-draco-en' },
    ]);
    expect(change({ voice: { speed: 0.9 } }).voices).toEqual(defaultVoices);
    expect(change({ speechToText: { provider: 'deepgram-nova' } }).recognisers).toEqual(
      defaultRecognisers.toReversed(),
    );
  });

  it('finds the voice of a vendor that the list does not hold', () => {
    const config = read({ voices: [{ provider: 'elevenlabs', voiceId: 'mine' }] });
    const changed = storedConfigSchema.parse(applyPatch(config, { voice: { provider: 'deepgram' } }));
    expect(changed.voices).toEqual([
      { provider: 'deepgram', voiceId: 'aura-2-thalia-en' },
      { provider: 'elevenlabs', voiceId: 'mine' },
    ]);
  });

  it('is overruled by a list', () => {
    const voices = [{ provider: 'elevenlabs', voiceId: 'mine' }];
    expect(change({ voices, voice: { provider: 'deepgram' } }).voices).toEqual(voices);
  });
});

describe('agents over REST', () => {
  const rest = useRestApp();
  const send = async (caller: Caller, method: 'GET' | 'POST' | 'PATCH', url: string, payload?: object) => {
    const request = { method, url, headers: caller.headers, ...(payload && { payload }) };
    const response = await rest.app.inject(request);
    return { status: response.statusCode, body: JSON.parse(response.payload) };
  };
  const described = { name: 'Robin', greeting: 'Hello.' };

  it('are described and answered by single choices as before, and by lists beside them', async () => {
    const owner = await rest.app.signUp();
    const made = await send(owner, 'POST', '/v1/agents', {
      ...described,
      speechToText: { provider: 'deepgram-nova' },
      voice: { provider: 'deepgram', elevenlabsVoiceId: 'mine' },
    });
    expect(made.status).toBe(201);
    expect(made.body.draft).toMatchObject({
      speechToText: { provider: 'deepgram-nova', keyterms: [] },
      voice: {
        provider: 'deepgram',
        elevenlabsVoiceId: 'mine',
        deepgramVoiceId: 'aura-2-thalia-en',
        speed: 1,
      },
      recognisers: [{ model: 'nova' }, { model: 'flux' }],
      voices: [{ provider: 'deepgram' }, { provider: 'elevenlabs', voiceId: 'mine' }],
    });
    const changed = await send(owner, 'PATCH', `/v1/agents/${made.body.id}`, {
      recognisers: [{ provider: 'deepgram' }],
      voices: [{ provider: 'elevenlabs', voiceId: 'other' }],
    });
    expect(changed.body.draft).toMatchObject({
      recognisers: [{ provider: 'deepgram' }],
      speechToText: { provider: 'deepgram' },
      voice: { provider: 'elevenlabs', elevenlabsVoiceId: 'other' },
    });
    expect(changed.body.draft.voice).not.toHaveProperty('deepgramVoiceId');
  });

  it('are refused a vendor or a model that the server does not work with', async () => {
    const owner = await rest.app.signUp();
    const refused = await send(owner, 'POST', '/v1/agents', {
      ...described,
      recognisers: [{ provider: 'deepgram', model: 'whisper' }],
      voices: [{ provider: 'openai', voiceId: 'alloy' }],
    });
    expect(refused.status).toBe(400);
    expect(refused.body.errors).toEqual([
      {
        pointer: '/recognisers/0',
        detail: expect.stringContaining('deepgram with flux, deepgram with nova'),
      },
      { pointer: '/voices/0/provider', detail: expect.stringContaining('deepgram and elevenlabs do') },
    ]);
    const old = { ...described, voice: { provider: 'espeak' } };
    expect((await send(owner, 'POST', '/v1/agents', old)).body.errors[0].pointer).toBe('/voice/provider');
  });

  it('answer with what was published before there were lists', async () => {
    const { app } = rest;
    const { tenantId, ...owner } = await app.signUp();
    const made = await send({ tenantId, ...owner }, 'POST', '/v1/agents', described);
    const agentId = parseId('agt', made.body.id)!;
    await publishAgain(app.tenancy, tenantId, agentId, read({}));
    const config = { ...plain, voice: { provider: 'deepgram' }, speechToText: { provider: 'deepgram-nova' } };
    const old = { tenantId, id: newId('agv'), agentId, version: 2, config: JSON.stringify(config) };
    await runInTenant(app.db, tenantId, async (transaction) => {
      await transaction.insertInto('agentVersion').values(old).execute();
      await transaction
        .updateTable('agent')
        .set({ publishedVersionId: old.id, draft: old.config })
        .where('id', '=', agentId)
        .execute();
    });
    const published = await app.tenancy.run({ tenantId }, (tx) => findPublishedVersion(tx, agentId));
    expect(published?.config.recognisers[0]).toEqual({ provider: 'deepgram', model: 'nova' });
    expect(await app.tenancy.run({ tenantId }, (tx) => getAgent(tx, agentId))).toMatchObject({
      hasUnpublishedChanges: false,
    });
  });
});
