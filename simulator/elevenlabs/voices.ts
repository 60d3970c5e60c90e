const VOICES: Readonly<Record<string, string>> = {
  '21m00Tcm4TlvDq8ikWAM': 'Rachel',
  EXAVITQu4vr4xnSDxMaL: 'Sarah',
  JBFqnCBsd6RMkjVDRZzb: 'George',
};

/** Any id of the vendor's form is a voice: an account's own voices are not known here. */
export function isVoice(voiceId: string): boolean {
  return /^[A-Za-z0-9]{20}$/.test(voiceId);
}

export function listVoices(): object[] {
  return Object.entries(VOICES).map(([voiceId, name]) => ({
    voice_id: voiceId,
    name,
    category: 'premade',
    labels: { language: 'en' },
    preview_url: null,
  }));
}
