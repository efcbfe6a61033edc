import { type DatasetSummary, type Fields, contentOfRow, textOf } from '../../contract/datasets.ts';
import {
  type Answer,
  type LabellingColumns,
  type LabellingTask,
  type Span,
  fixedLabels,
} from '../../contract/labels.ts';
import { readTaggedText } from '../../engine/data/taggedText.ts';
import { splitLabels } from '../../engine/objectives/multiLabel.ts';
import type { ServiceContext } from '../context.ts';

const mostLabels = 1000;

/** The labels of a column's cell; where several are allowed, as training reads them. */
function labelsOfCell(fields: Fields, column: string, task: LabellingTask): string[] {
  const text = textOf(fields[column]).trim();
  return task === 'multi' ? splitLabels(text, ',') : [text];
}

/** The spans a row already has, from its own spans or from a tag per word, where they are of the text that is shown. */
function spansOfRow({ mapping }: DatasetSummary, { content }: LabellingColumns, fields: Fields): Span[] {
  const tagged = readTaggedText(contentOfRow(fields, mapping));
  const shown = content.map((column) => textOf(fields[column])).join('\n');
  return tagged?.text === shown ? [...(tagged.spans ?? [])] : [];
}

/** Different names in the order they come. */
function collectNames(
  rows: Iterable<{ readonly fields: Fields }>,
  namesOf: (fields: Fields) => readonly string[],
): string[] {
  const names = new Set<string>();
  for (const { fields } of rows) {
    for (const name of namesOf(fields)) if (name !== '') names.add(name);
    if (names.size >= mostLabels) break;
  }
  return [...names].slice(0, mostLabels);
}

/** What can be chosen: the labels of the task, those asked for, or those the rows already have. */
export function chooseLabels(
  { store }: ServiceContext,
  dataset: DatasetSummary,
  { task, labels: asked }: { readonly task: LabellingTask; readonly labels?: readonly string[] | undefined },
  columns: LabellingColumns,
): string[] {
  const given = fixedLabels[task] ?? asked;
  if (given !== undefined) return [...new Set(given)];
  const { answer } = columns;
  const namesOf =
    task === 'spans'
      ? (fields: Fields) => spansOfRow(dataset, columns, fields).map(({ label }) => label)
      : (task === 'single' || task === 'multi') && answer !== undefined
        ? (fields: Fields) => labelsOfCell(fields, answer, task)
        : null;
  if (namesOf === null) return [];
  if (answer === dataset.mapping.roles.label && task === 'single') {
    return dataset.labels.map(({ label }) => label.trim()).filter((label) => label !== '');
  }
  return collectNames(store.datasets.allRecords(dataset.id), namesOf);
}

/**
 * Reads the answer a row already has, where it holds one this task can take.
 * @param names the labels that can be chosen; others are left out
 */
export function answerReader(
  dataset: DatasetSummary,
  task: LabellingTask,
  columns: LabellingColumns,
  names: readonly string[],
): (fields: Fields) => Answer | null {
  const known = new Set(names);
  const { answer } = columns;
  if (task === 'spans') {
    return (fields) => {
      const spans = spansOfRow(dataset, columns, fields).filter(({ label }) => known.has(label));
      return spans.length === 0 ? null : { kind: 'spans', spans };
    };
  }
  if (answer === undefined || task === 'preference' || task === 'correction') return () => null;
  return (fields) => {
    const labels = labelsOfCell(fields, answer, task).filter((label) => known.has(label));
    return labels.length === 0 ? null : { kind: 'labels', labels };
  };
}
