import type { DictationWords } from './dictation-words.ts';

export const portuguese: DictationWords = {
  subjects: [
    'número',
    'telefone',
    'telemóvel',
    'celular',
    'dígitos',
    'código',
    'CEP',
    'referência',
    'matrícula',
    'nome',
    'apelido',
    'sobrenome',
    'morada',
    'endereço',
    'rua',
    'e-mail',
    'email',
    'data de nascimento',
  ],
  requests: ['soletrar', 'soletre', 'soletra'],
  numbers: [
    'zero um uma dois duas três quatro cinco seis meia sete oito nove dez onze doze treze catorze quatorze quinze',
    'dezesseis dezasseis dezessete dezassete dezoito dezenove dezanove vinte trinta quarenta cinquenta sessenta',
    'setenta oitenta noventa cem duplo hífen traço ponto',
  ],
};
