import type { Head } from '../../contract/methods.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { linear } from '../ops/index.ts';
import { type ActivationName, activate } from './activations.ts';
import type { Network } from './architecture.ts';
import { applyDropout, applyLinear, applyNorm } from './layers.ts';
import type { ModelLayout } from './layout.ts';
import type { Pass } from './model.ts';
import type { Weights } from './weights.ts';

// What transformers' classes have on top of an encoder: `…ForSequenceClassification`, `…ForTokenClassification`,
// `…ForQuestionAnswering`, `…ForMaskedLM`.

/** Predicts hidden tokens: a layer and a norm, then the word embeddings once more, with a bias of their own. */
interface MaskedTokenHead {
  /** Path of the layer `[hidden] → [embedding width]`. */
  readonly dense: string;
  readonly norm: string;
  readonly bias: string;
  readonly activation: ActivationName;
  readonly epsilon: number;
  /** Name of a table of its own `[vocabulary, width]`; null where it is the word embeddings. */
  readonly table: string | null;
}

/** The heads that one architecture has, by what stands in its checkpoints. */
export interface EncoderHeads {
  readonly hiddenSize: number;
  /** Width of the word embeddings. */
  readonly embeddingSize: number;
  readonly vocabularySize: number;
  /** The whole text's scores: every architecture pools in its own way. */
  readonly classes: {
    declare(layout: ModelLayout, labelCount: number): void;
    build(weights: Weights): Network['classify'];
  };
  readonly tokenDropout: number;
  readonly spanDropout: number;
  readonly masked: MaskedTokenHead;
}

const pathsOfTokenHeads = { tokenClasses: 'classifier', span: 'qa_outputs' } as const;

/** Declares the head of an encoder; one that is trained for a task may be missing in a checkpoint. */
export function declareEncoderHead(
  layout: ModelLayout,
  heads: EncoderHeads,
  head: Head,
  labelCount: number,
): void {
  const { hiddenSize, embeddingSize, vocabularySize, masked } = heads;
  if (head === 'classes') heads.classes.declare(layout, labelCount);
  if (head === 'tokenClasses' || head === 'span') {
    const path = pathsOfTokenHeads[head];
    layout.linear(path, hiddenSize, head === 'span' ? 2 : labelCount, { optional: true });
    layout.headModules.push(path);
  }
  if (head === 'maskedToken') {
    layout.linear(masked.dense, hiddenSize, embeddingSize);
    layout.layerNorm(masked.norm, embeddingSize);
    layout.vector(masked.bias, vocabularySize);
    layout.vocabularyTable(masked.table, vocabularySize, embeddingSize);
  }
}

type HeadParts = Pick<Network, 'classify' | 'scoreTokens' | 'vocabularyLogits'>;

function buildMaskedHead(weights: Weights, layout: MaskedTokenHead, words: string): HeadParts {
  const dense = weights.linear(layout.dense);
  const norm = weights.norm(layout.norm);
  const bias = weights.parameter(layout.bias);
  const table = weights.parameter(layout.table ?? words);
  return {
    vocabularyLogits(rows, pass) {
      const inner = activate(layout.activation, applyLinear(dense, rows, pass));
      const normed = applyNorm(norm, inner, layout.epsilon);
      const changed = weights.hooks.beforeVocabulary?.(normed) ?? normed;
      return linear(changed, table.value, bias.value);
    },
  };
}

/** → what computes the head; methods and objectives find it in the model. */
export function buildEncoderHead(
  weights: Weights,
  heads: EncoderHeads,
  head: Head,
  words: string,
): HeadParts {
  if (head === 'classes') return { classify: heads.classes.build(weights) };
  if (head === 'maskedToken') return buildMaskedHead(weights, heads.masked, words);
  if (head !== 'tokenClasses' && head !== 'span') return {};
  const layer = weights.linear(pathsOfTokenHeads[head]);
  const dropout = head === 'span' ? heads.spanDropout : heads.tokenDropout;
  return {
    scoreTokens: (rows: Tensor, pass: Pass) => applyLinear(layer, applyDropout(rows, dropout, pass), pass),
  };
}
