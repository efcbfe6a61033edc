import type { LabelChoice } from './labels.ts';

/** What the keys of the labelling page do that give no label, by `KeyboardEvent.code`: the place on the keyboard, so the same in every layout and input method. */
export const commandKeys = {
  Enter: 'accept',
  Space: 'accept',
  Backspace: 'discard',
  ArrowRight: 'skip',
  ArrowLeft: 'back',
  KeyE: 'edit',
  KeyF: 'flag',
  KeyN: 'note',
  KeyG: 'goTo',
  KeyZ: 'undo',
  KeyY: 'redo',
  KeyB: 'bulk',
  KeyH: 'history',
  Equal: 'similar',
  Slash: 'search',
} as const;
export type LabelCommand = (typeof commandKeys)[keyof typeof commandKeys];

const letterOrder = 'QWRTASDCVIOPJKLMUX';
/** Keys a label may have, in the order they are given out: digits first, then letters that no command needs. */
export const labelKeys: readonly string[] = [
  ...'1234567890'.split('').map((digit) => `Digit${digit}`),
  ...letterOrder.split('').map((letter) => `Key${letter}`),
];

/** The key as it is written on a chip: `Digit1` → 1, `KeyR` → R. */
export function keyName(code: string): string {
  return code.replace(/^(Digit|Key|Numpad)(?=.$)/, '');
}

/** The number pad counts as the digits above the letters. */
export function keyOfEvent(code: string): string {
  return code.replace(/^Numpad(?=\d$)/, 'Digit');
}

export function commandOf(code: string): LabelCommand | undefined {
  return Object.entries(commandKeys).find(([key]) => key === code)?.[1];
}

/** Gives the next free key to every label that has none; labels beyond the keys stay without. */
export function withKeys(labels: readonly LabelChoice[]): LabelChoice[] {
  const taken = new Set(labels.flatMap(({ key }) => (key === null ? [] : [key])));
  const free = labelKeys.filter((key) => !taken.has(key));
  return labels.map((label) => (label.key === null ? { ...label, key: free.shift() ?? null } : label));
}

/** What is wrong with the keys: one that a command has, that two labels share, or that is no key for labels. */
export function keyProblems(labels: readonly LabelChoice[]): { label: string; key: string; taken: string }[] {
  const owners = new Map<string, string>();
  return labels.flatMap(({ name, key }) => {
    if (key === null) return [];
    const taken = owners.get(key) ?? commandOf(key) ?? (labelKeys.includes(key) ? undefined : key);
    owners.set(key, owners.get(key) ?? name);
    return taken === undefined ? [] : [{ label: name, key: keyName(key), taken }];
  });
}
