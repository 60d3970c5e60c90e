/** Bookings, and the calendar. */
export type { Booking } from './booking.ts';
export { bookingEndpoints } from './booking-endpoints.ts';
export { bookingHolding } from './booking-holding.ts';
export { bookingEvents } from './booking-events.ts';
export { findBooking, listBookings, listUpcomingBookings } from './booking-queries.ts';
export { bookAppointment, cancelBooking, moveBooking, settleBooking } from './booking-service.ts';
export { listFreeSlots } from './calendar-views.ts';
export { countBookings, countUpcomingBookings } from './booking-figures.ts';
