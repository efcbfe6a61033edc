import type { Problem } from '../../contract/errors/index.ts';
import type { Task } from '../../contract/methods.ts';
import { type OptionSpecs, checkOptions } from '../../contract/options.ts';
import type { EngineFiles } from '../files.ts';
import type { ConfigJson } from '../models/configReader.ts';
import { describeConfig, describeModel } from '../models/description.ts';
import { type ModelOutline, countParameters, outlineFromConfig } from '../models/outline.ts';
import { checkFit } from '../methods/fit.ts';
import type { Method, ParameterCount } from '../methods/method.ts';
import { listMethods } from '../methods/registry.ts';

/** What a method would train of a model with its usual settings, or why it cannot. */
export interface SurveyedMethod {
  readonly methodId: string;
  readonly count: ParameterCount | null;
  readonly problems: readonly Problem[];
}

export interface MethodSurvey {
  /** Of the model alone, with the head of the task. */
  readonly totalParameters: number;
  readonly methods: readonly SurveyedMethod[];
}

function surveyOne(method: Method<OptionSpecs>, outline: ModelOutline, task: Task): SurveyedMethod {
  const methodId = method.spec.id;
  const misfits = checkFit(method.spec, task, outline.modelType);
  if (misfits.length > 0) return { methodId, count: null, problems: misfits };
  const { values } = checkOptions(method.spec.options, {}, 'method.options');
  const problems = method.check(outline, values);
  return { methodId, count: problems.length === 0 ? method.count(outline, values) : null, problems };
}

/** A model folder, of which config.json is enough, or the configuration of a published model. */
export type SurveyedModel =
  { readonly folder: string } | { readonly name: string; readonly configJson: ConfigJson };

/**
 * What every method would train of a model, by its configuration alone: no weights are read.
 * @param labelCount ignored for heads without classes
 * @throws TunebenchError where the configuration is unusable or the model cannot do the task
 */
export function surveyMethods(
  files: EngineFiles,
  model: SurveyedModel,
  task: Task,
  labelCount: number,
): MethodSurvey {
  const description =
    'folder' in model
      ? describeModel(files, model.folder)
      : describeConfig(model.configJson, `${model.name}/config.json`, model.name);
  const outline = outlineFromConfig(description, task, labelCount);
  return {
    totalParameters: countParameters(outline),
    methods: listMethods().map((method) => surveyOne(method, outline, task)),
  };
}
