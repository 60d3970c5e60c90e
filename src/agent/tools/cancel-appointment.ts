import { z } from 'zod';
import { cancelBooking, findBooking } from '../../business/desk/bookings/bookings.ts';
import { callerName, reference } from './arguments.ts';
import { describeBooking } from './book-appointment.ts';
import { getOwnRecord } from './caller.ts';
import { defineTool } from './define-tool.ts';

export const cancelAppointmentTool = defineTool({
  name: 'cancel_appointment',
  description:
    "Cancels one of the caller's own appointments. Say which one and get a clear yes first; offer to move it instead.",
  effect: 'write',
  schema: z.object({ reference: reference('booking', 'B-1042'), callerName }),
  async run(args, context) {
    const { tx, actor, now } = context;
    const booking = await getOwnRecord(
      context,
      { what: 'booking', reference: args.reference, callerName: args.callerName },
      (owned) => findBooking(tx, owned),
    );
    const cancelled = await cancelBooking(tx, actor, booking.id, { now });
    return { result: { status: 'cancelled', booking: describeBooking(cancelled, context) } };
  },
});
