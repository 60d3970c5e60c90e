/** The door of the console: the page that shows calls, and how a person gets in. */
export { consoleRoutes } from './console-routes.ts';
