/** The file cannot be read, and never will be: the message tells its owner why, and what to do. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
