/** People: accounts that sign in, each in any number of businesses. */
export { personEvents } from './person-events.ts';
export {
  countPeople,
  createPerson,
  findByEmail,
  findByGoogleSubject,
  findById,
  findByPhone,
  findPeople,
  linkGoogle,
  listPeople,
  type NewPerson,
  normalEmail,
  type Person,
  type PersonRecord,
  setPassword,
  verifyEmail,
} from './person-service.ts';
