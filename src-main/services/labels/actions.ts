import { TunebenchError } from '../../contract/errors/index.ts';
import type { LabelAction, LabelRule, LabellingSummary, RecordTarget } from '../../contract/labels.ts';
import type { ActionOutcome } from '../../store/store.ts';
import type { ServiceContext } from '../context.ts';
import { checkAnswer, orderAnswer } from './answers.ts';
import { planAction } from './planAction.ts';
import { planRenaming } from './rename.ts';
import { type RuleTrial, tryRules } from './rules.ts';

/** So many records one action may change: it is one transaction, and nothing else happens meanwhile. */
const largestAction = 50_000;

/** @throws TunebenchError `labels.tooMany` */
function checkCount(count: number): void {
  if (count > largestAction) throw new TunebenchError('labels.tooMany', { limit: largestAction, count });
}

/**
 * What rules say about the records of a labelling.
 * @throws TunebenchError where a rule is broken or suggests what the labelling cannot take
 */
export function tryAll(
  { store }: ServiceContext,
  labelling: LabellingSummary,
  rules: readonly LabelRule[],
): Promise<RuleTrial> {
  for (const { label } of rules) checkAnswer(labelling, { kind: 'labels', labels: [label] });
  return tryRules(rules, labelling.columns, store.labels.allRecords(labelling.id));
}

/** Does what a person wants done to records, each as one entry of the history that names its author and time. */
export function createActions(context: ServiceContext, actor: () => { author: string; at: string }) {
  const { store } = context;

  function numbersOf(id: string, target: RecordTarget): readonly number[] {
    if ('numbers' in target) return target.numbers;
    const numbers = store.labels.matching(id, target.filter);
    checkCount(numbers.length);
    return numbers;
  }

  function add({ id }: LabellingSummary, datasetId: string): ActionOutcome {
    const dataset = store.datasets.get(datasetId);
    if (dataset === undefined)
      throw new TunebenchError('common.notFound', { kind: 'dataset', id: datasetId });
    checkCount(dataset.rows);
    const records = [...store.datasets.allRecords(datasetId)].map(({ split, fields }) => ({
      status: 'pending' as const,
      split,
      fields,
      answer: null,
      suggestion: null,
    }));
    return store.labels.add(id, { ...actor(), kind: 'add', value: dataset.name }, records);
  }

  function rename(labelling: LabellingSummary, from: string, to: string): ActionOutcome {
    const { id } = labelling;
    const { labels, edit } = planRenaming(labelling, from, to);
    if (from === to) return { sequence: null, changed: 0, records: [] };
    const numbers = new Set([
      ...store.labels.matching(id, { labels: [from] }),
      ...store.labels.matching(id, { suggestion: from }),
    ]);
    checkCount(numbers.size);
    const action = { ...actor(), kind: 'rename' as const, value: `${from} → ${to}`, labels };
    return store.labels.act(id, action, numbers, edit);
  }

  return {
    /**
     * @throws TunebenchError `labels.tooMany`; `common.notFound` where rows come from a dataset that is gone; what is
     * wrong with an answer or a name
     */
    perform(labelling: LabellingSummary, action: Exclude<LabelAction, { kind: 'suggest' }>): ActionOutcome {
      if (action.kind === 'add') return add(labelling, action.datasetId);
      if (action.kind === 'rename') return rename(labelling, action.from, action.to);
      if (action.kind === 'label') checkAnswer(labelling, action.answer);
      const { kind, value, edit } = planAction(
        action.kind === 'label' ? { ...action, answer: orderAnswer(labelling, action.answer) } : action,
      );
      const numbers = action.kind === 'edit' ? [action.number] : numbersOf(labelling.id, action.target);
      return store.labels.act(labelling.id, { ...actor(), kind, value }, numbers, edit);
    },

    /** @throws TunebenchError `labels.tooMany`; what is wrong with a rule */
    async suggest(labelling: LabellingSummary, rules: readonly LabelRule[]): Promise<ActionOutcome> {
      const { suggestions } = await tryAll(context, labelling, rules);
      checkCount(suggestions.size);
      const value = rules.map(({ pattern, label }) => `${pattern} → ${label}`).join(', ');
      const action = { ...actor(), kind: 'suggest' as const, value };
      return store.labels.act(labelling.id, action, suggestions.keys(), ({ number }) => {
        const label = suggestions.get(number);
        return label === undefined
          ? undefined
          : { suggestion: { kind: 'labels', labels: [label] }, score: null };
      });
    },
  };
}
