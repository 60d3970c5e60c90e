/**
 * The door of agents: their configuration, their drafts and published versions. Numbers and the directory stand on
 * agents; what agents ask of them is passed in by the root.
 */
export {
  type AgentCatalogue,
  type CatalogueTool,
  type CatalogueVoice,
  findRecogniser,
  type LanguageOffer,
  type WrittenPart,
} from './agent-catalogue.ts';
export type { AgentConfig, AgentConfigInput, TransferTarget, TurnSettings } from './agent-config.ts';
export { agentEndpoints } from './agent-endpoints.ts';
export { agentEvents } from './agent-events.ts';
export { countAgents, countPublishedAgents } from './agent-figures.ts';
export { checkAgents, describeAgents, findAgentBySlug, getAgent } from './agent-queries.ts';
export { createAgent } from './agent-service.ts';
export { findPublishedVersion, getAgentVersion } from './agent-versions.ts';
export { publishDraft } from './publish-draft.ts';
export { listPublishedAgents, listRecordingRetentions, listVersionConfigs } from './published-agents.ts';
export { storedConfigSchema } from './single-choice.ts';
