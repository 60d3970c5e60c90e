import { z } from 'zod';
import { findBooking, listUpcomingBookings } from '../../business/desk/bookings/bookings.ts';
import { callerName, reference } from './arguments.ts';
import { describeBooking } from './book-appointment.ts';
import { findCaller, getOwnRecord } from './caller.ts';
import { defineTool } from './define-tool.ts';

export const findAppointmentTool = defineTool({
  name: 'find_appointment',
  description:
    "Looks up the caller's own appointments: one by its reference, or without a reference those still to come under their number. Use it before moving or cancelling when you do not have the reference.",
  effect: 'read',
  schema: z.object({ reference: reference('booking', 'B-1042').optional(), callerName }),
  async run(args, context) {
    const { tx, now } = context;
    if (args.reference === undefined) {
      const caller = await findCaller(context);
      const bookings =
        caller === undefined ? [] : await listUpcomingBookings(tx, { customerId: caller.id, now });
      return { result: { bookings: bookings.map((booking) => describeBooking(booking, context)) } };
    }
    const booking = await getOwnRecord(
      context,
      { what: 'booking', reference: args.reference, callerName: args.callerName },
      (owned) => findBooking(tx, owned),
    );
    return { result: { booking: describeBooking(booking, context) } };
  },
});
