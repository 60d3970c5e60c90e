import type { OutgoingMessage } from './notify.ts';

/** The text of a message, for senders without texts of their own; short enough for one text message. */
export function formatMessage({ template, variables }: OutgoingMessage): string {
  const { code = '', link = '', token = '', business = '', role = '' } = variables;
  switch (template) {
    case 'verification-code':
      return `${code} is your Parley code. It is good for 10 minutes; give it to nobody.`;
    case 'password-reset-code':
      return `${code} is your code for a new Parley password. It is good for 10 minutes; give it to nobody.`;
    case 'password-reset':
      return `Set a new Parley password within an hour: ${link}`;
    case 'invitation':
      return `${business} invites you to Parley as ${role}. Your invitation, good for 7 days: ${token}`;
    default:
      return template satisfies never;
  }
}
