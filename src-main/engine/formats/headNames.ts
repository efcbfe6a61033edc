import type { Head } from '../../contract/methods.ts';
import type { Model } from '../models/model.ts';

const names: Readonly<Record<Head, { readonly pipeline: string; readonly auto: string }>> = {
  none: { pipeline: 'feature-extraction', auto: 'AutoModel' },
  classes: { pipeline: 'text-classification', auto: 'AutoModelForSequenceClassification' },
  tokenClasses: { pipeline: 'token-classification', auto: 'AutoModelForTokenClassification' },
  span: { pipeline: 'question-answering', auto: 'AutoModelForQuestionAnswering' },
  maskedToken: { pipeline: 'fill-mask', auto: 'AutoModelForMaskedLM' },
  nextToken: { pipeline: 'text-generation', auto: 'AutoModelForCausalLM' },
  targetToken: { pipeline: 'text2text-generation', auto: 'AutoModelForSeq2SeqLM' },
};

/** What transformers calls such a model: its pipeline, and the expression that loads its base. */
export function describeHead({ head, labels }: Model): { pipeline: string; auto: string } {
  const { pipeline, auto } = names[head];
  const count = labels.length > 0 ? `, num_labels=${labels.length}` : '';
  return { pipeline, auto: `${auto}.from_pretrained(base${count})` };
}
