/** A matter the caller comes with. It stays open over several turns until it is settled or given up. */
export type Matter =
  | 'book'
  | 'move-booking'
  | 'cancel-booking'
  | 'order'
  | 'find-order'
  | 'cancel-order'
  | 'ticket'
  | 'find-ticket'
  | 'update-ticket'
  | 'message'
  | 'transfer';

const MATTERS: readonly (readonly [Matter, RegExp])[] = [
  [
    'transfer',
    /\b(speak|talk)\s+(to|with)\s+(a|an|the|some|my|your)?\s*(real )?(person|human|someone|somebody|one|manager|owner|boss|colleague|agent|representative|sales|support|team|department)|\b(put|pass) me (through|on|over)|\b(connect|transfer) me\b|\b(real|actual) (person|human)\b/,
  ],
  [
    'move-booking',
    /\b(move|reschedule|change|shift|push|postpone)\b.*\b(appointment|booking|reservation|visit)\b|\breschedule\b/,
  ],
  ['cancel-booking', /\bcancel\b.*\b(appointment|booking|reservation|visit)\b/],
  ['cancel-order', /\bcancel\b.*\border\b/],
  ['update-ticket', /\b(add|update|note)\b.*\b(ticket|case)\b/],
  [
    'find-ticket',
    /\b(status|update|news|check|what.s happening|hear(d)?|how far|about|is)\b.*\b(my|the|a|that|this)\s+(support )?(ticket|case)\b/,
  ],
  [
    'find-order',
    /\b(where.?s|where is|status|track|check|about|when|has|is|what.?s happening)\b.*\b(my|the|an|that|this|our)\s+(last |recent |earlier )?order\b|\border (status|number)\b|\bI ordered\b/i,
  ],
  ['message', /\b(leave|take|pass on|give)\b.*\bmessage\b|\b(call|ring|phone) (me|us) back\b|\bcallback\b/],
  [
    'ticket',
    /\b(problem|issue|trouble|broken|broke|faulty|fault|damaged|complain|complaint|leak(s|ing|y)?|stopped working|(does|is|do|did|are)(n.t| not) work(ing)?|not working|open a ticket|report (a|an)|squeak\w*|went wrong)\b/,
  ],
  ['order', /\b(order|buy|purchase|place an order|get some|send me)\b/],
  [
    'book',
    /\b(book|appointment|reserve|reservation|schedule|booking|a slot|come in|come by|make a time|fit me in)\b/,
  ],
];

/** What the caller wants done, by the words that give it away; the more particular wish comes first. */
export function findMatter(said: string): Matter | undefined {
  const text = plain(said);
  if (/\bI ordered\b/i.test(said) && MATTERS.find(([name]) => name === 'ticket')![1].test(text))
    return 'ticket';
  return MATTERS.find(([, pattern]) => pattern.test(text))?.[0];
}

export function isGoodbye(said: string): boolean {
  return /\b(good ?bye|bye|that.?s (all|everything|it)( for (now|today))?|that is all|that will be all|that.ll be all|nothing else|no,? thank(s| you)|have a (nice|good|great|lovely))\b/.test(
    plain(said),
  );
}

export function isGivingUp(said: string): boolean {
  return /\b(never ?mind|forget (it|about it)|leave it|don.t bother|changed my mind)\b/.test(plain(said));
}

export function isYes(said: string): boolean {
  return (
    /\b(yes|yeah|yep|yup|sure|correct|right|please do|go ahead|do it|do that|of course|perfect|great|fine|ok|okay|exactly|absolutely|sounds good|works for me|that works|please)\b/.test(
      plain(said),
    ) && !isNo(said)
  );
}

export function isNo(said: string): boolean {
  return /^(?:(?:oh|um|uh|well|sorry|actually|hm),? )*(no|nope|not (that|quite|really|yet))\b|\b(don.t|do not)\b|\bthat.?s (wrong|not)\b/.test(
    plain(said),
  );
}

export function isPause(said: string): boolean {
  return /^(?:(?:oh|um|uh|sorry|please|just),? )*(wait|hold on|hang on|one (moment|second|sec)|just a (moment|second|minute)|stop)\b/.test(
    plain(said),
  );
}

export function isContinue(said: string): boolean {
  return /\b(go on|carry on|continue|what were you saying|say that again|repeat that|pardon|come again|didn.t (hear|catch))\b/.test(
    plain(said),
  );
}

export function plain(said: string): string {
  return said.toLowerCase().replaceAll(/[’`]/g, "'");
}

/** "I need a tune-up": a wish whose matter depends on what there is. */
export function isWish(said: string): boolean {
  return /\b(i need|i want|i'd like|i would like|i'm looking for|can i (get|have)|could i (get|have)|do you have)\b/.test(
    plain(said),
  );
}

/** A sound of listening, which says nothing. */
export function isListening(said: string): boolean {
  return /^(?:(?:mm+|mhm+|mm-?hmm+|uh-?huh|okay|ok|right|yeah|yes|i see|aha|sure|good)[\s.,!]*)+$/.test(
    plain(said),
  );
}
