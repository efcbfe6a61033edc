import {
  type Problem,
  TunebenchError,
  describeProblem,
  errorFromProblems,
} from '../../contract/errors/index.ts';
import type { RunEventBody } from '../../contract/events.ts';
import type { TrainJob } from '../../contract/worker.ts';
import type { Backend } from '../backend/backend.ts';
import type { DataRow } from '../data/examples.ts';
import { hashFile, readRows } from '../data/rows.ts';
import { type TextTokenizer, loadTokenizer } from '../data/tokenizer.ts';
import type { EngineFiles } from '../files.ts';
import type { OpenObjective } from '../objectives/objective.ts';
import { type CheckedTraining, checkTraining, collectLabels } from './check.ts';
import { Checkpoints } from './checkpoints.ts';
import type { TrainingControl } from './control.ts';
import { type MemoryProbe, Observer } from './observer.ts';
import { planTraining } from './plan.ts';
import { type TrainingPosition, startPosition } from './position.ts';
import { type PreparedData, prepareData } from './prepare.ts';
import { sampleOptions } from './sampleOptions.ts';
import { type SampledQuestion, chooseQuestions } from './samples.ts';
import { spread } from './watch.ts';

export interface TrainingRequest {
  readonly job: TrainJob;
  readonly backend: Backend;
  readonly files: EngineFiles;
  readonly control: TrainingControl;
  readonly memory: MemoryProbe;
  readonly emit: (event: RunEventBody) => void;
  /** Settles when everything emitted so far is kept for good; left out where nobody keeps it. */
  readonly untilKept?: () => Promise<void>;
}

/** What is known before any weight is loaded. */
export interface Opening {
  readonly request: TrainingRequest;
  readonly checked: CheckedTraining;
  readonly labels: readonly string[];
  readonly objective: OpenObjective;
  readonly data: PreparedData;
  readonly tokenizer: TextTokenizer;
  /** What the model is asked again and again while it learns. */
  readonly questions: readonly SampledQuestion[];
  /** Some of the rows to learn from, to be compared with the watched ones. */
  readonly someRows: readonly DataRow[];
  readonly position: TrainingPosition;
  readonly checkpoints: Checkpoints;
  readonly resumedFromStep: number | null;
  /** What a person should know. */
  readonly notes: readonly Problem[];
  readonly observer: Observer;
}

/** The same text for the same settings, in whatever order they stand. */
function canonicalText(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

/** The newest checkpoint when the run is to go on; otherwise the start, with no checkpoints left over. */
async function findPosition(request: TrainingRequest, checked: CheckedTraining, checkpoints: Checkpoints) {
  const { job, files } = request;
  const dataFiles = [job.dataFile, ...(job.watch ? [job.watch.dataFile] : [])];
  const dataHash = (await Promise.all(dataFiles.map((path) => hashFile(files, path)))).join(' ');
  const { name: _name, ...deciding } = checked.config;
  const training = Object.entries(deciding.training).filter(([name]) => !(name in sampleOptions));
  const configText = canonicalText({ ...deciding, training: Object.fromEntries(training) });
  const found = job.resume ? checkpoints.findNewest() : null;
  if (found === null) {
    checkpoints.removeAll();
    return { position: startPosition(dataHash, configText), resumedFromStep: null, notes: [] };
  }
  const mismatch = (what: string) =>
    new TunebenchError('run.checkpointMismatch', { folder: job.runFolder, what });
  if (found.position.dataHash !== dataHash) throw mismatch('dataset');
  if (found.position.configText !== configText) throw mismatch('configuration');
  const { position, step } = found;
  const { best } = position;
  if (best === null || checkpoints.isWhole(best.step)) return { position, resumedFromStep: step, notes: [] };
  position.best = null;
  position.evaluationsWithoutGain = 0;
  return {
    position,
    resumedFromStep: step,
    notes: [describeProblem('run.bestMissing', { step: best.step })],
  };
}

/** Checks the job whole and reads its data; throws every problem at once. */
export async function openTraining(request: TrainingRequest): Promise<Opening> {
  const { job, files, emit, memory } = request;
  const rows = readRows(files, job.dataFile);
  const collect = (some: readonly DataRow[]) => collectLabels(job.config, some);
  const labels = collect(Object.values(rows).flat());
  const { forecast, checked: runnable } = checkTraining(files, {
    config: job.config,
    modelFolder: job.modelFolder,
    datasetName: job.config.datasetId,
    rows: { train: rows.train.length, validation: rows.validation.length, test: rows.test.length },
    labelCount: collect(rows.train).length,
  });
  if (runnable === null) throw errorFromProblems(forecast.problems);
  const tokenizer = loadTokenizer(files, job.modelFolder);
  const objective = runnable.objective.open({
    tokenizer,
    labels,
    options: runnable.objectiveOptions,
    trainRows: rows.train,
  });
  const data = prepareData(rows, objective, runnable);
  // Rows and examples need not be as many: rows without use are left out, long ones may become several examples.
  const plan = planTraining(data.examples.train.length, runnable.training);
  const checked: CheckedTraining = { ...runnable, plan };
  const folder = files.join(job.runFolder, 'checkpoints');
  const checkpoints = new Checkpoints(files, folder, checked.training.keepCheckpoints);
  const { position, resumedFromStep, notes } = await findPosition(request, checked, checkpoints);
  const observer = new Observer(emit, memory, request.untilKept);
  const someRows = spread(rows.train);
  const questions = chooseQuestions(rows, objective, checked.training, labels.length > 0);
  const unasked =
    questions.length === 0 && checked.training.sampleRows > 0
      ? [describeProblem('run.nothingToSample', { task: job.config.task })]
      : [];
  const known = { request, checked, labels, objective, data, tokenizer, questions, someRows };
  const allNotes = [...data.notes, ...notes, ...unasked];
  return { ...known, notes: allNotes, position, checkpoints, resumedFromStep, observer };
}
