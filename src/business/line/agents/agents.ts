/**
 * The door of agents: what each is made of, its draft and published versions, and what of them other folders ask.
 * Numbers and the directory stand on it; what it asks of them is passed in.
 */
export {
  type AgentCatalogue,
  type CatalogueTool,
  type CatalogueVoice,
  findRecogniser,
  type LanguageOffer,
  type WrittenPart,
} from './agent-catalogue.ts';
export type { AgentConfig, agentConfigSchema, TransferTarget, TurnSettings } from './agent-config.ts';
export { catalogueEndpoints } from './catalogue-endpoints.ts';
export { countAgents, countPublishedAgents } from './agent-figures.ts';
export { getAgent } from './agent-service.ts';
export {
  describeAgents,
  listPublishedAgents,
  listRecordingRetentions,
  listVersionConfigs,
} from './published-agents.ts';
export { agentRoutes } from './agent-endpoints.ts';
export {
  checkAgents,
  createAgent,
  findAgentBySlug,
  findPublishedVersion,
  getAgentVersion,
  publishAgentVersion,
} from './agent-version-service.ts';
export { storedConfigSchema } from './single-choice.ts';
export { agentVersionRoutes } from './agent-version-endpoints.ts';
