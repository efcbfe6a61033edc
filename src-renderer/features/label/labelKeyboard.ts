import { type LabelCommand, commandOf, keyOfEvent } from '../../../src-main/contract/labelKeys.ts';
import type { LabelChoice } from '../../../src-main/contract/labels.ts';

export type KeyMeaning = { command: LabelCommand } | { label: string };

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches('input:not([type=checkbox]), textarea, select, [role=combobox]'))
  );
}

/** Enter and the space bar belong to the button, link or box that has the focus. */
function pressesControl(event: KeyboardEvent): boolean {
  const own = event.code === 'Enter' || event.code === 'Space';
  return (
    own && event.target instanceof HTMLElement && event.target.closest('button, a, input, summary') !== null
  );
}

/**
 * What a keypress means on the labelling page. The key is known by its place, not by the letter it would type, so a
 * Korean input method or another layout changes nothing.
 */
export function meaningOf(event: KeyboardEvent, labels: readonly LabelChoice[]): KeyMeaning | undefined {
  if (event.isComposing || event.repeat || isTyping(event.target) || pressesControl(event)) return undefined;
  if (document.querySelector('[role=dialog], [role=alertdialog], [role=listbox]') !== null) return undefined;
  const code = keyOfEvent(event.code);
  if (event.ctrlKey || event.metaKey) {
    if (code === 'KeyZ') return { command: event.shiftKey ? 'redo' : 'undo' };
    return code === 'KeyY' ? { command: 'redo' } : undefined;
  }
  if (event.altKey || event.shiftKey) return undefined;
  const label = labels.find(({ key }) => key === code);
  if (label !== undefined) return { label: label.name };
  const command = commandOf(code);
  return command === undefined ? undefined : { command };
}
