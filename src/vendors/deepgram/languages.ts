/** Base languages of the models, as Deepgram documents them. */

/** Languages of `flux-general-en` and `flux-general-multi` together. */
export const fluxLanguages = 'en de es fr hi it ja nl pt ru'.split(' ');

/** Languages of `nova-3`, which has a model for each. */
export const novaLanguages = [
  'en ar be bg bn bs ca cs da de el es et fa fi fr he hi hr hu id it ja kk kn ko',
  'lt lv mk mr ms nl no pl pt ro ru sk sl sr sv ta te th tl tr uk ur vi zh',
].flatMap((line) => line.split(' '));

/** Languages of the voices of `aura-2`. */
export const auraLanguages = 'en de es fr it ja nl'.split(' ');
