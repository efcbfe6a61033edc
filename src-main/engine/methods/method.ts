import type { MethodSpec } from '../../contract/methods.ts';
import type { Problem } from '../../contract/errors/index.ts';
import type { OptionSpecs, OptionValues } from '../../contract/options.ts';
import type { Metrics } from '../../contract/runs.ts';
import type { Parameter, Tensor } from '../autodiff/tensor.ts';
import type { Shape } from '../backend/backend.ts';
import type { Model, Quantization } from '../models/model.ts';
import type { ModelOutline } from '../models/outline.ts';

export type { ModelOutline } from '../models/outline.ts';

/** A tensor of an adapter file: a parameter, or what parameters come to. */
export type SavedTensor = Parameter | { readonly shape: Shape; compute(): Tensor };

/** What an adapter folder holds, in PEFT's naming. */
export interface AdapterContents {
  /** Whose format the folder has: PEFT's when left out. Our own has PEFT's files with a type that PEFT does not know. */
  readonly library?: 'adapters' | 'tunebench';
  /** The method's part of adapter_config.json. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Every tensor of adapter_model.safetensors: what was added, and what else was trained. */
  readonly tensors: ReadonlyMap<string, SavedTensor>;
}

/**
 * What a method does in the course of a training besides being differentiated. Whatever it decides must follow from the
 * seed, the step and its `state`, so that a run that is resumed goes the same way.
 */
export interface Course {
  /**
   * Before each update, for what takes measuring, such as a search among candidates. Called again after a break in it, so
   * it must do the same from the start.
   */
  readonly prepareUpdate?: (step: number, tools: CourseTools) => Promise<void>;
  /** What the model computes changes although its weights stay: nothing of it may be remembered. */
  readonly reshapes?: boolean;
  /** Before the gradients of an update: may decide what trains in it (`Parameter.trainable`). @param step from 1 */
  readonly beforeUpdate?: (step: number) => void;
  /** A scalar added to the loss of each update, such as a regularisation. */
  readonly penalty?: () => Tensor;
  /**
   * After the weights have moved, with the update's gradients still in the parameters.
   * @param gradientScale the factor that clipping put on all of them
   */
  readonly afterUpdate?: (step: number, gradientScale: number) => void;
  /** Figures for the charts, after each update. */
  readonly metrics?: () => Metrics;
  /** What a checkpoint keeps besides the trainable parameters. Names differ from theirs. */
  readonly state?: readonly Parameter[];
}

/** What a method can ask of the training it takes part in. */
export interface CourseTools {
  /** Whether there are validation rows. */
  readonly canMeasure: boolean;
  /** How good the model is on the validation rows as it is now, more is better; null where the run is being ended. */
  measure(): Promise<number | null>;
  /** Begins the optimisation anew: forgets moments and which evaluation was the best. */
  restart(): void;
}

/** A method at work on a model. */
export interface Attached {
  /** What it added, by its name in an adapter file; empty for methods that train the model's own weights. */
  readonly added: ReadonlyMap<string, Parameter>;
  /** Everything training will change: added parameters and the model's own, each once. */
  readonly trainable: readonly Parameter[];
  /** Factors on the learning rate of some of them; 1 when left out. */
  readonly rateFactors?: ReadonlyMap<Parameter, number>;
  /** For methods that do more in training than compute. */
  readonly course?: Course;
  /** For methods whose output is an adapter; null for the others. */
  readonly adapter: AdapterContents | null;
  /** Folds what was added into the model's weights and detaches; null where that is impossible. */
  readonly merge: (() => void) | null;
  /** Takes the method off the model again, leaving the model's weights as they are. */
  detach(): void;
}

/** How adapters a method left in a folder come back. */
export interface SavedAdapters {
  /** `peft_type` in their adapter_config.json. */
  readonly peftType: string;
  /**
   * Attaches what a configuration describes; the values are filled in afterwards. Unknown settings are ignored.
   * @param folder for error sentences
   * @throws TunebenchError with every setting that cannot be followed
   */
  attach(model: Model, config: Readonly<Record<string, unknown>>, folder: string): Attached;
}

/** How adapters in the format of the adapters library come back. */
export interface HubAdapters {
  /** Whether `config` of their adapter_config.json is this method's. */
  recognises(config: Readonly<Record<string, unknown>>): boolean;
  /** @param name the adapter's name, which stands in every tensor's name */
  attach(model: Model, config: Readonly<Record<string, unknown>>, name: string, folder: string): Attached;
}

/** Trainable parameters by where they come from. */
export interface ParameterCount {
  /** The model's own weights that are trained, a new head among them. */
  readonly own: number;
  /** What the method adds beside them. */
  readonly added: number;
}

/** What a run can tell a method that attaches. */
export interface AttachHelp {
  /** A text's tokens, with the special ones of the model's tokenizer. */
  readonly tokenize?: (text: string) => readonly number[];
  /** How long the run is; adapters that are only loaded have none. */
  readonly length?: RunLength;
}

/** Updates of a run. */
export interface RunLength {
  readonly totalSteps: number;
  readonly stepsPerEpoch: number;
}

/** One fine-tuning method: its description, its checks without weights, and how it attaches. */
export interface Method<Specs extends OptionSpecs = OptionSpecs> {
  readonly spec: MethodSpec & { readonly options: Specs };
  /** What training produces: a PEFT adapter folder or a whole model folder. */
  readonly output: 'adapter' | 'model';
  /** How this method's adapters are read back; methods whose output is an adapter have it. */
  readonly saved?: SavedAdapters;
  /** Likewise for those in the format of the adapters library. */
  readonly hub?: HubAdapters;
  /** How the frozen weights are held where the method decides it; else the run's settings do. */
  readonly quantization?: Quantization;
  /** It looks at whole rows, so that several texts must not share one (packing). */
  readonly rowsApart?: boolean;
  /** Everything wrong with these options for this model (rank larger than a layer, targets that match nothing …). */
  check(outline: ModelOutline, options: OptionValues<Specs>): Problem[];
  /** How many parameters training would change, head included; their sum equals what `attach` makes trainable. */
  count(outline: ModelOutline, options: OptionValues<Specs>): ParameterCount;
  /** Positions its virtual tokens take from the text; none when left out. */
  positions?(options: OptionValues<Specs>): number;
  /** How often each text is computed; once when left out. */
  copies?(options: OptionValues<Specs>): number;
  /** @param seed decides the initial values of what is added */
  attach(model: Model, options: OptionValues<Specs>, seed: number, help?: AttachHelp): Attached;
}
