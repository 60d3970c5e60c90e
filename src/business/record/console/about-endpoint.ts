import { z } from 'zod';
import { listActiveNumbers } from '../../line/numbers/numbers.ts';
import { endpoint } from '../../tenancy/access/access.ts';
import { getTenant } from '../../tenancy/tenants/tenants.ts';

const aboutSchema = z
  .object({
    businessName: z.string(),
    timeZone: z.string(),
    currency: z.string(),
    numbers: z.array(z.string()),
    simulatedVendors: z.array(z.string()).describe('Played by the simulator, because their key is missing.'),
  })
  .meta({
    id: 'About',
    examples: [
      {
        businessName: 'Harbour Street Cycles',
        timeZone: 'America/New_York',
        currency: 'USD',
        numbers: ['+13125550100'],
        simulatedVendors: ['twilio'],
      },
    ],
  });

/** What a page says at its top; a banner names the vendors that the simulator plays. */
export function aboutEndpoint({ simulated }: { readonly simulated: readonly string[] }) {
  return endpoint({
    method: 'GET',
    path: '/v1/about',
    needs: 'signed-in',
    tag: 'Company',
    summary: 'Whose line this is, its numbers, and which vendors are played by the simulator',
    answers: { 200: aboutSchema },
    async handle({ tx }) {
      const { name, timeZone, currency } = await getTenant(tx);
      const numbers = await listActiveNumbers(tx);
      return {
        businessName: name,
        timeZone,
        currency,
        numbers: numbers.map(({ phoneNumber }) => phoneNumber),
        simulatedVendors: [...simulated],
      };
    },
  });
}
