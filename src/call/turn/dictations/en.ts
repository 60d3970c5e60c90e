import type { DictationWords } from './dictation-words.ts';

export const english: DictationWords = {
  subjects: [
    'number',
    'digits',
    'code',
    'postcode',
    'zip',
    'reference',
    'plate',
    'policy',
    'name',
    'surname',
    'address',
    'street',
    'email',
    'e mail',
    'date of birth',
  ],
  requests: ['spell'],
  numbers: [
    'zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen',
    'seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred double triple',
    'dash dot slash',
  ],
};
