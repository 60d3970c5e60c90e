import type { DictationWords } from './dictation-words.ts';

export const spanish: DictationWords = {
  subjects: [
    'número',
    'teléfono',
    'móvil',
    'celular',
    'dígitos',
    'código',
    'referencia',
    'matrícula',
    'nombre',
    'apellido',
    'apellidos',
    'dirección',
    'domicilio',
    'calle',
    'correo',
    'email',
    'fecha de nacimiento',
  ],
  requests: ['deletrear', 'deletrea', 'deletree', 'deletrearme', 'deletrearlo', 'deletreármelo'],
  numbers: [
    'cero uno una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis',
    'diecisiete dieciocho diecinueve veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa cien',
    'doble guion punto',
  ],
};
