/** The door of the console: the page that shows calls, how a person gets in, and what the page says of the business. */
export { aboutEndpoint } from './about-endpoint.ts';
export { consolePage } from './console-page.ts';
