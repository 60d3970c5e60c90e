import type { DictationWords } from './dictation-words.ts';

export const french: DictationWords = {
  subjects: [
    'numéro',
    'téléphone',
    'portable',
    'chiffres',
    'code',
    'code postal',
    'référence',
    'immatriculation',
    'nom',
    'prénom',
    'adresse',
    'rue',
    'e-mail',
    'email',
    'courriel',
    'date de naissance',
  ],
  requests: ['épeler', 'épelez', 'épelle', 'épelez-moi'],
  numbers: [
    'zéro un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt',
    'trente quarante cinquante soixante cent double tiret point',
  ],
};
