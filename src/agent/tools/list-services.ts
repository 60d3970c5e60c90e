import { z } from 'zod';
import { listOfferedServices } from '../../business/catalog/services/services.ts';
import { defineTool } from './define-tool.ts';
import { spokenPrice } from './spoken.ts';

export const listServicesTool = defineTool({
  name: 'list_services',
  description:
    'What can be booked, how long it takes and what it costs. Use it before you offer an appointment.',
  effect: 'read',
  schema: z.object({}),
  async run(_args, context) {
    const services = await listOfferedServices(context.tx);
    return {
      result: {
        services: services.map((service) => ({
          service: service.slug,
          name: service.name,
          description: service.description,
          durationMinutes: service.durationMinutes,
          price: spokenPrice(service.priceMinor, service.currency, context),
        })),
      },
    };
  },
});
