/** What hosts and services use of the engine; everything else is its own business. */
export { createPortableBackend } from './backend/portable.ts';
export {
  type TensorFlowBinding,
  createTensorFlowBackend,
  recommendedEnvironment,
} from './backend/tensorflow.ts';
export type { Backend } from './backend/backend.ts';
export type { ByteSink, ByteSource, EngineFiles } from './files.ts';
export { type ModelFacts, inspectModelFolder } from './formats/modelFolder.ts';
export { listMethods } from './methods/registry.ts';
export { type SurveyedModel, surveyMethods } from './train/survey.ts';
export type { ConfigJson } from './models/configReader.ts';
export { listObjectives } from './objectives/registry.ts';
export { type KeptCheckpoint, changesBefore, listCheckpoints } from './train/checkpoints.ts';
export { type CheckedTraining, type TrainingQuestion, checkTraining } from './train/check.ts';
export { type TrainingControl, type TrainingRemote, createTrainingControl } from './train/control.ts';
export { type MergeRequest, mergeModel } from './train/merge.ts';
export type { MemoryProbe } from './train/observer.ts';
export { trainingOptions } from './train/options.ts';
export { sampleOptions } from './train/sampleOptions.ts';
export { type Predictor, type PredictorRequest, loadPredictor } from './train/predict.ts';
export { type TrainingOutcome, type TrainingRequest, runTraining } from './train/session.ts';
