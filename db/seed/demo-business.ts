import type { AgentConfigInput } from '../../src/business/line/agents/agents.ts';

/** The business of the demo. Prices are in cents. */
export const demoBusiness = {
  slug: 'harbour-street-bicycles',
  name: 'Harbour Street Bicycles',
  timeZone: 'America/New_York',
  currency: 'USD',
  number: '+15005550100',
  secondNumber: '+15005550101',
  /** A customer who calls from this number is known, and has an order under way. */
  knownCustomer: { phone: '+14155550123', name: 'Maya Lindgren' },
} as const;

export const demoAgent: AgentConfigInput = {
  name: 'Robin',
  language: 'en-US',
  greeting: 'Harbour Street Bicycles, this is Robin. How can I help you?',
  instructions: [
    'You are Robin, the assistant who answers the telephone of Harbour Street Bicycles, a bicycle shop and workshop at 12 Harbour Street.',
    'The shop sells accessories and spare parts, and its workshop repairs and services bicycles by appointment.',
    'Opening hours: Monday to Friday nine to six, Saturday ten to four, closed on Sunday.',
    'Orders are collected at the shop, usually ready the next working day, and paid on collection. An order can be cancelled until the team has begun to prepare it.',
    'A bicycle can be left from opening time on the day of its appointment. Ask for the make of the bicycle and pass it on as a note.',
    'Open a ticket for complaints, warranty questions and anything the team has to look into. Take a message when somebody should call back.',
    'Electric bicycles: the workshop services them, but does not open batteries or motors.',
  ].join('\n'),
  voice: {},
  speechToText: {
    keyterms: ['Harbour Street', 'derailleur', 'puncture', 'tune-up', 'wheel truing', 'pannier'],
  },
  model: {},
  tools: [
    'create_ticket',
    'find_ticket',
    'update_ticket',
    'search_knowledge',
    'list_products',
    'create_order',
    'find_order',
    'cancel_order',
    'list_services',
    'find_free_slots',
    'book_appointment',
    'find_appointment',
    'move_appointment',
    'cancel_appointment',
    'take_message',
    'transfer_call',
    'end_call',
  ],
  transferTargets: [
    {
      id: 'workshop',
      name: 'Sam in the workshop',
      phone: '+15005550199',
      when: 'The caller asks for a person, or has a technical question about a repair that you cannot answer.',
    },
  ],
  turnTaking: {},
  recording: { enabled: true },
};

/** The second agent, for the second number, with the same tools and another style. */
export const eveningAgent: AgentConfigInput = {
  ...demoAgent,
  name: 'Casey',
  greeting: 'Good evening, Harbour Street Bicycles, Casey speaking. What can I do for you?',
  voices: [
    { provider: 'deepgram', voiceId: 'aura-2-thalia-en' },
    { provider: 'elevenlabs', voiceId: '21m00Tcm4TlvDq8ikWAM' },
  ],
};

/** Knowledge for search_knowledge, which the agent's instructions do not contain. */
export const demoKnowledge = [
  {
    title: 'Do you rent out bicycles?',
    text: 'Yes. City bicycles are eighteen dollars a day and cargo bicycles forty-five. We need a deposit of one hundred dollars and a photo identification. Helmets and locks are included.',
  },
  {
    title: 'How long is the warranty?',
    text: 'Every repair is covered for six months, and every frame we sell for two years. Wear, such as of tyres, chains and brake pads, is not covered. Bring the receipt, or tell us the number of your order.',
  },
  {
    title: 'Can I bring something back?',
    text: 'Unused accessories can be returned within thirty days with the receipt, and the money goes back the way it was paid. Helmets cannot be returned once they have been worn.',
  },
  {
    title: 'Where can I park?',
    text: 'There are two short-stay places in front of the shop and a car park behind it, on Mill Lane. The first half hour is free.',
  },
  {
    title: 'Do you lend out a bicycle while mine is being repaired?',
    text: 'Yes, during a full service, free of charge, as long as one of our three loan bicycles is there. Ask for it when you book.',
  },
  {
    title: 'Do you buy used bicycles?',
    text: 'No. We take used bicycles in part exchange for a new one after we have looked at them in the workshop, which takes about twenty minutes.',
  },
] as const;

export const demoProducts = [
  {
    slug: 'u-lock',
    name: 'Steel U-lock',
    description: 'Hardened 14 mm shackle with two keys.',
    priceMinor: 4_900,
  },
  { slug: 'city-helmet', name: 'City helmet', description: 'Adjustable, sizes S to L.', priceMinor: 5_900 },
  { slug: 'light-set', name: 'Light set', description: 'USB front and rear light.', priceMinor: 3_450 },
  { slug: 'pannier-bag', name: 'Pannier bag', description: 'Waterproof, 20 litres.', priceMinor: 6_800 },
  { slug: 'inner-tube', name: 'Inner tube', description: '28 inch, Presta valve.', priceMinor: 850 },
  { slug: 'floor-pump', name: 'Floor pump', description: 'With gauge, for all valves.', priceMinor: 3_900 },
  {
    slug: 'child-seat',
    name: 'Child seat',
    description: 'Rear mounted, up to 22 kg. Sold out until spring.',
    priceMinor: 12_900,
    active: false,
  },
] as const;

export const demoServices = [
  {
    slug: 'tune-up',
    name: 'Tune-up',
    description: 'Brakes, gears and bearings adjusted, chain cleaned and oiled.',
    durationMinutes: 60,
    bufferMinutes: 15,
    priceMinor: 8_500,
  },
  {
    slug: 'puncture-repair',
    name: 'Puncture repair',
    description: 'One wheel, new tube included.',
    durationMinutes: 30,
    bufferMinutes: 0,
    priceMinor: 2_500,
  },
  {
    slug: 'wheel-truing',
    name: 'Wheel truing',
    description: 'One wheel made straight and round.',
    durationMinutes: 45,
    bufferMinutes: 15,
    priceMinor: 3_500,
  },
  {
    slug: 'full-service',
    name: 'Full service',
    description: 'Everything taken apart, cleaned, greased and put together again.',
    durationMinutes: 180,
    bufferMinutes: 30,
    priceMinor: 19_500,
  },
] as const;

export const demoResources = [
  { slug: 'stand-1', name: 'Work stand one' },
  { slug: 'stand-2', name: 'Work stand two' },
] as const;

const workday = [{ opens: '09:00', closes: '18:00' }];

export const demoHours = {
  monday: workday,
  tuesday: workday,
  wednesday: workday,
  thursday: workday,
  friday: workday,
  saturday: [{ opens: '10:00', closes: '16:00' }],
  sunday: [],
};
