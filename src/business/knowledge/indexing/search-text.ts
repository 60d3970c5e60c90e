/** PostgreSQL's stemmers by base language. Words of other languages are not stemmed. */
const configurations: Readonly<Record<string, string>> = {
  ar: 'arabic',
  da: 'danish',
  de: 'german',
  el: 'greek',
  en: 'english',
  es: 'spanish',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  id: 'indonesian',
  it: 'italian',
  lt: 'lithuanian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sv: 'swedish',
  tr: 'turkish',
};

export function textConfiguration(language: string): string {
  const [base = ''] = language.toLowerCase().split('-');
  return Object.hasOwn(configurations, base) ? configurations[base]! : 'simple';
}

/**
 * Normalises text for the index and for searches, so that one spelling finds the other: Arabic loses tatweel and vowel
 * signs and has one form of each letter, digits are ASCII, and compatibility forms are replaced (NFKC).
 */
export function normaliseForSearch(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\u0640\u064B-\u065F\u0670]/g, '')
    .replaceAll(/[أإآٱ]/g, 'ا')
    .replaceAll(/[ىی]/g, 'ي')
    .replaceAll('ک', 'ك')
    .replaceAll(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replaceAll(/[\u06F0-\u06F9]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0));
}

const digitWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const times: Readonly<Record<string, number>> = { double: 2, triple: 3 };
const saidDigits = new RegExp(
  String.raw`\b(?:(?:double|triple) )?(?:${digitWords.join('|')}|oh)(?: (?:(?:double|triple) )?(?:${digitWords.join('|')}|oh))+\b|\b(?:double|triple) (?:${digitWords.join('|')}|oh)\b`,
  'g',
);

/** Normalises a question, and turns spoken digits into figures: "double four seven" is written 447. */
export function normaliseQuestion(question: string): string {
  return normaliseForSearch(question)
    .toLowerCase()
    .replaceAll(saidDigits, (said) => {
      let count = 1;
      let digits = '';
      for (const word of said.split(' ')) {
        const digit = word === 'oh' ? 0 : digitWords.indexOf(word);
        if (digit >= 0) {
          digits += String(digit).repeat(count);
          count = 1;
        } else count = times[word] ?? 1;
      }
      return digits;
    });
}
