/** The callers of the demo business and their requests. The numbers are of the range reserved for fiction. */
export const people = [
  { name: 'Maya Lindgren', phone: '+14155550123' },
  { name: 'Daniel Brooks', phone: '+12125550101' },
  { name: 'Priya Raman', phone: '+12125550102' },
  { name: 'Owen Clarke', phone: '+12125550103' },
  { name: 'Lena Fischer', phone: '+12125550104' },
  { name: 'Tomás Herrera', phone: '+12125550105' },
  { name: 'Aisha Khan', phone: '+12125550106' },
  { name: 'Grace Okafor', phone: '+12125550107' },
  { name: 'Henry Wu', phone: '+12125550108' },
  { name: 'Sofia Rossi', phone: '+12125550109' },
  { name: 'Noah Bennett', phone: '+12125550110' },
  { name: 'Emma Larsen', phone: '+12125550111' },
  { name: 'Victor Dupont', phone: '+12125550112' },
  { name: 'Hannah Stein', phone: '+12125550113' },
] as const;

export const complaints = [
  {
    said: 'The brakes you adjusted last week squeal again.',
    subject: 'Brakes squeal after adjustment',
    category: 'warranty',
    priority: 'normal',
  },
  {
    said: 'I was charged twice for my inner tubes.',
    subject: 'Charged twice for inner tubes',
    category: 'billing',
    priority: 'high',
  },
  {
    said: 'The rear light of the set I bought does not charge.',
    subject: 'Rear light does not charge',
    category: 'warranty',
    priority: 'normal',
  },
  {
    said: 'My front brake failed on the way home from your workshop.',
    subject: 'Front brake failed after service',
    category: 'safety',
    priority: 'urgent',
  },
] as const;

export const questions = [
  {
    asked: 'Are you open on Saturday?',
    answered: 'Yes, on Saturdays we are open from ten to four.',
  },
  {
    asked: 'What does a tune-up cost?',
    answered: 'A tune-up costs eighty five dollars and takes an hour.',
  },
  {
    asked: 'Do you repair electric bicycles?',
    answered: 'We service electric bicycles, but we do not open batteries or motors.',
  },
  {
    asked: 'How long does a full service take?',
    answered: 'A full service takes about three hours. Most people leave the bicycle for the day.',
  },
  {
    asked: 'Where are you exactly?',
    answered: 'We are at twelve Harbour Street, next to the old customs house.',
  },
] as const;
