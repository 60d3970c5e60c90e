export const channels = ['voice', 'web-chat', 'sms', 'whatsapp', 'messenger', 'instagram'] as const;
/** How a customer and the business reach each other. */
export type Channel = (typeof channels)[number];
