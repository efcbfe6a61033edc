import type { Language } from '../../../src-main/contract/text.ts';

const missing = '–';

/** Keeps formatters: making one costs far more than using it, and pages with many numbers use thousands a second. */
function kept<Options extends object, Format>(make: (language: Language, options: Options) => Format) {
  const made = new Map<string, Format>();
  return (language: Language, options: Options): Format => {
    const key = `${language} ${JSON.stringify(options)}`;
    const format = made.get(key) ?? make(language, options);
    made.set(key, format);
    return format;
  };
}
const numbers = kept(
  (language, options: Intl.NumberFormatOptions) => new Intl.NumberFormat(language, options),
);
const dates = kept(
  (language, options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(language, options),
);
const relatives = kept((language, options: Intl.RelativeTimeFormatOptions) => {
  return new Intl.RelativeTimeFormat(language, options);
});

export function formatNumber(value: number | null | undefined, language: Language, digits = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  return numbers(language, { maximumFractionDigits: digits }).format(value);
}

/** 1,234 → 1.2K, 1.2천; for counts whose size matters more than their digits. */
export function formatCompact(value: number | null | undefined, language: Language): string {
  if (value === null || value === undefined) return missing;
  return numbers(language, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A share between 0 and 1; small shares keep enough digits to be told from nothing. */
export function formatShare(value: number | null | undefined, language: Language): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return missing;
  const digits = Math.abs(value) < 0.01 ? { maximumSignificantDigits: 2 } : { maximumFractionDigits: 1 };
  return numbers(language, { style: 'percent', ...digits }).format(value);
}

/** A label on an axis of shares, with no more digits than tell neighbours apart over this span. */
export function formatShareTick(value: number, span: number, language: Language): string {
  const digits = span >= 0.05 ? 0 : span >= 0.005 ? 1 : 2;
  return numbers(language, { style: 'percent', maximumFractionDigits: digits }).format(value);
}

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

export function formatBytes(bytes: number | null | undefined, language: Language): string {
  if (bytes === null || bytes === undefined || !Number.isFinite(bytes)) return missing;
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const scaled = bytes / 1000 ** power;
  return `${formatNumber(scaled, language, power === 0 || scaled >= 100 ? 0 : 1)} ${byteUnits[power] ?? 'B'}`;
}

/** A measured value: ordinary numbers to four significant digits, very small ones as 2e-5. */
export function formatMetric(value: number | null | undefined, language: Language): string {
  if (value === null || value === undefined) return missing;
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return value.toExponential(2).replace(/\.?0+e/, 'e');
  return numbers(language, { maximumSignificantDigits: 4 }).format(value);
}

const unitNames = {
  en: { hours: 'h', minutes: 'min', seconds: 's', gap: ' ' },
  ko: { hours: '시간', minutes: '분', seconds: '초', gap: '' },
} as const satisfies Record<Language, unknown>;

/** At most two units: 1 h 5 min · 2 min 10 s · 8 s. */
export function formatDuration(milliseconds: number | null | undefined, language: Language): string {
  if (milliseconds === null || milliseconds === undefined || !Number.isFinite(milliseconds)) return missing;
  const names = unitNames[language];
  const total = Math.max(0, Math.round(milliseconds / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = total % 60;
  const part = (amount: number, unit: string) => `${formatNumber(amount, language)}${names.gap}${unit}`;
  if (hours > 0) return `${part(hours, names.hours)} ${part(minutes, names.minutes)}`;
  if (minutes > 0) return `${part(minutes, names.minutes)} ${part(seconds, names.seconds)}`;
  return part(seconds, names.seconds);
}

export function formatDateTime(iso: string | null | undefined, language: Language): string {
  if (!iso) return missing;
  return dates(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

export function formatTime(iso: string, language: Language): string {
  return dates(language, { timeStyle: 'medium' }).format(new Date(iso));
}

/** A time of day to the minute, with its date where that is not today's. */
export function formatMoment(time: number, language: Language, now = Date.now()): string {
  const sameDay = new Date(time).toDateString() === new Date(now).toDateString();
  const style = sameDay
    ? ({ timeStyle: 'short' } as const)
    : ({ month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' } as const);
  return dates(language, style).format(new Date(time));
}

const relativeSteps = [
  { unit: 'day', milliseconds: 86_400_000 },
  { unit: 'hour', milliseconds: 3_600_000 },
  { unit: 'minute', milliseconds: 60_000 },
] as const;

/** "5 minutes ago"; older than a week, the date. */
export function formatRelative(iso: string | null | undefined, language: Language, now = Date.now()): string {
  if (!iso) return missing;
  const difference = new Date(iso).getTime() - now;
  if (Math.abs(difference) > 7 * 86_400_000) {
    return dates(language, { dateStyle: 'medium' }).format(new Date(iso));
  }
  const format = relatives(language, { numeric: 'auto' });
  for (const { unit, milliseconds } of relativeSteps) {
    if (Math.abs(difference) >= milliseconds)
      return format.format(Math.round(difference / milliseconds), unit);
  }
  return format.format(0, 'second');
}
