import { z } from 'zod';
import { bookAppointment, type Booking } from '../../business/desk/bookings/bookings.ts';
import { callerName, callerPhone, localTime } from './arguments.ts';
import { ensureCaller } from './caller.ts';
import { defineTool } from './define-tool.ts';
import { spokenTime } from './spoken.ts';
import type { ToolContext } from './tool.ts';

export const bookAppointmentTool = defineTool({
  name: 'book_appointment',
  description:
    'Books an appointment at a free time. Have the service, the time and a name, say service and time in one sentence and get a clear yes before you call it. Tell the caller the reference afterwards. When the time is taken the result offers others.',
  effect: 'write',
  schema: z.object({
    service: z.string().min(1).max(80).describe('As list_services gives it, or by its name.'),
    startsAt: localTime,
    note: z.string().max(500).optional().describe('Anything the business should know beforehand.'),
    callerName,
    callerPhone,
  }),
  async run(args, context) {
    const customer = await ensureCaller(context, { name: args.callerName, phone: args.callerPhone });
    const booking = await bookAppointment(context.tx, context.actor, {
      service: args.service,
      startsAt: args.startsAt,
      customerId: customer.id,
      callId: context.callId,
      note: args.note,
      now: context.now,
    });
    return { result: { status: 'booked', booking: describeBooking(booking, context) } };
  },
});

export function describeBooking(booking: Booking, context: ToolContext) {
  const { reference, serviceName, resourceName, status, localTime: at, startsAt } = booking;
  return {
    reference,
    service: serviceName,
    with: resourceName,
    status,
    localTime: at,
    spokenTime: spokenTime(startsAt, context),
  };
}
