import { isObject } from '../vendor-server.ts';

const DEFAULT_SCHEDULE: readonly number[] = [120, 160, 250, 290];

const VOICE_SETTINGS: Readonly<Record<string, (value: unknown) => boolean>> = {
  stability: (value) => isNumberBetween(value, 0, 1),
  similarity_boost: (value) => isNumberBetween(value, 0, 1),
  style: (value) => isNumberBetween(value, 0, 1),
  use_speaker_boost: (value) => typeof value === 'boolean',
  speed: (value) => isNumberBetween(value, 0.7, 1.2),
};

/** What is wrong with `voice_settings`, or undefined. */
export function checkVoiceSettings(settings: unknown): string | undefined {
  if (settings === undefined || settings === null) return undefined;
  if (!isObject(settings)) return 'voice_settings must be an object';
  for (const [name, value] of Object.entries(settings)) {
    const isValid = Object.hasOwn(VOICE_SETTINGS, name) && VOICE_SETTINGS[name]!(value);
    if (!isValid) return `voice_settings.${name} is unknown or out of range`;
  }
  return undefined;
}

export function speedOf(settings: unknown): number {
  const speed = isObject(settings) ? settings['speed'] : undefined;
  return typeof speed === 'number' ? speed : 1;
}

/** Characters that must be collected before the n-th generation; a string tells what is wrong. */
export function parseSchedule(config: unknown): readonly number[] | string {
  if (config === undefined || config === null) return DEFAULT_SCHEDULE;
  const schedule = isObject(config) ? config['chunk_length_schedule'] : undefined;
  if (schedule === undefined) return DEFAULT_SCHEDULE;
  const isValid =
    Array.isArray(schedule) &&
    schedule.length > 0 &&
    schedule.every((item) => isNumberBetween(item, 50, 500));
  return isValid ? schedule : 'chunk_length_schedule must be numbers from 50 to 500';
}

function isNumberBetween(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && value >= low && value <= high;
}
