import type { BlockShape } from './hooks.ts';

/**
 * What to do when a checkpoint lacks a weight: fail, start it as transformers starts new layers, or let the word
 * embeddings stand for it.
 */
export type WhenMissing = 'fail' | 'normal' | 'zeros' | 'share';

export interface WeightSpec {
  readonly shape: readonly number[];
  readonly whenMissing: WhenMissing;
}

export interface LinearSpec {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly layout: 'outIn' | 'inOut';
  readonly hasBias: boolean;
}

interface LinearOptions {
  readonly bias?: boolean;
  readonly layout?: 'outIn' | 'inOut';
  /** The checkpoint may lack it. */
  readonly optional?: boolean;
}

/**
 * Every weight and linear layer of a model by its name in the checkpoint, declared from config.json alone. Counting,
 * checking, loading and building all read this one table.
 */
export class ModelLayout {
  readonly weights = new Map<string, WeightSpec>();
  readonly linears = new Map<string, LinearSpec>();
  /** The Transformer blocks, in order. */
  readonly blocks: BlockShape[] = [];
  /** Path of the word embeddings. */
  words = '';
  /** Name of the table that gives the vocabulary's scores; empty for heads without any. */
  vocabularyWeight = '';
  /** Modules of the task head: new for each set of labels and always trained. */
  readonly headModules: string[] = [];
  /** Modules that belong to the body where the checkpoint has them, and to the head where it does not. */
  readonly optionalModules: string[] = [];

  linear(path: string, inFeatures: number, outFeatures: number, options: LinearOptions = {}): void {
    const { bias = true, layout = 'outIn', optional = false } = options;
    this.linears.set(path, { inFeatures, outFeatures, layout, hasBias: bias });
    const shape = layout === 'outIn' ? [outFeatures, inFeatures] : [inFeatures, outFeatures];
    this.weights.set(`${path}.weight`, { shape, whenMissing: optional ? 'normal' : 'fail' });
    if (bias) {
      this.weights.set(`${path}.bias`, { shape: [outFeatures], whenMissing: optional ? 'zeros' : 'fail' });
    }
  }

  embedding(path: string, rows: number, width: number): void {
    this.weights.set(`${path}.weight`, { shape: [rows, width], whenMissing: 'fail' });
  }

  /** The table that token ids are looked up in. */
  wordEmbedding(path: string, rows: number, width: number): void {
    this.embedding(path, rows, width);
    this.words = path;
  }

  /** The table that scores the vocabulary: one of its own, or, where there is none, that of the word embeddings. */
  vocabularyTable(
    weight: string | null,
    rows: number,
    width: number,
    whenMissing: 'fail' | 'share' = 'fail',
  ): void {
    if (weight !== null) this.weights.set(weight, { shape: [rows, width], whenMissing });
    this.vocabularyWeight = weight ?? `${this.words}.weight`;
  }

  /** Lets the word embeddings score the vocabulary after all. */
  shareVocabulary(): void {
    this.weights.delete(this.vocabularyWeight);
    this.vocabularyWeight = `${this.words}.weight`;
  }

  /** A weight that is one row of numbers, such as a bias of no layer. */
  vector(name: string, width: number): void {
    this.weights.set(name, { shape: [width], whenMissing: 'fail' });
  }

  layerNorm(path: string, width: number): void {
    this.rmsNorm(path, width);
    this.weights.set(`${path}.bias`, { shape: [width], whenMissing: 'fail' });
  }

  rmsNorm(path: string, width: number): void {
    this.weights.set(`${path}.weight`, { shape: [width], whenMissing: 'fail' });
  }
}

/** The layout of a body alone, whose checkpoints leave out the name that it has inside a model with a head. */
export function withoutPrefix(layout: ModelLayout, prefix: string): ModelLayout {
  const bare = new ModelLayout();
  const strip = (name: string) => stripPrefix(name, prefix);
  for (const [name, spec] of layout.weights) bare.weights.set(strip(name), spec);
  for (const [path, spec] of layout.linears) bare.linears.set(strip(path), spec);
  for (const block of layout.blocks) {
    const { path, query, key, value, output, ...shape } = block;
    const paths = { path, query, key, value, output };
    const renamed = Object.entries(paths).map(([part, name]) => [part, strip(name)] as const);
    bare.blocks.push({ ...shape, ...paths, ...Object.fromEntries(renamed) });
  }
  bare.words = strip(layout.words);
  return bare;
}

export function stripPrefix(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name;
}

/** Whether a weight or layer name lies in a module: `classifier.dense.weight` is in `classifier`. */
export function isInside(name: string, modules: readonly string[]): boolean {
  return modules.some((module) => name === module || name.startsWith(`${module}.`));
}
