/** Raw audio needs both parameters, containers neither. The simulator supports telephone audio only. */
export function checkTelephoneAudio(query: URLSearchParams): string | undefined {
  const encoding = query.get('encoding');
  const sampleRate = query.get('sample_rate');
  if (encoding !== null && sampleRate === null) return "'sample_rate' is required with 'encoding'";
  if (encoding === null && sampleRate !== null) return "'encoding' is required with 'sample_rate'";
  const isTelephone = encoding === 'mulaw' && sampleRate === '8000';
  return isTelephone ? undefined : 'this simulator hears mulaw at 8000 Hz only';
}
