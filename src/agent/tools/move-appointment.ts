import { z } from 'zod';
import { findBooking, moveBooking } from '../../business/desk/bookings/bookings.ts';
import { callerName, localTime, reference } from './arguments.ts';
import { describeBooking } from './book-appointment.ts';
import { getOwnRecord } from './caller.ts';
import { defineTool } from './define-tool.ts';
import { spokenTime } from './spoken.ts';

export const moveAppointmentTool = defineTool({
  name: 'move_appointment',
  description:
    "Moves one of the caller's own appointments to another free time. Say the old and the new time and get a clear yes first. When the time is taken the result offers others and the old time stays.",
  effect: 'write',
  schema: z.object({ reference: reference('booking', 'B-1042'), startsAt: localTime, callerName }),
  async run(args, context) {
    const { tx, actor, now } = context;
    const booking = await getOwnRecord(
      context,
      { what: 'booking', reference: args.reference, callerName: args.callerName },
      (owned) => findBooking(tx, owned),
    );
    const moved = await moveBooking(tx, actor, booking.id, { startsAt: args.startsAt, now });
    return {
      result: {
        status: 'moved',
        booking: describeBooking(moved, context),
        before: spokenTime(booking.startsAt, context),
      },
    };
  },
});
