import type { DatasetSummary, SourceFile } from '../../contract/datasets.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import {
  type MethodSpec,
  type ObjectiveSpec,
  type Task,
  chooseTask,
  taskSchema,
} from '../../contract/methods.ts';
import type { ModelSummary } from '../../contract/models.ts';
import type { OptionSpecs } from '../../contract/options.ts';
import type { RunConfig } from '../../contract/runs.ts';
import { say } from '../language.ts';
import { readAdapterFlags } from './adapterFlags.ts';
import { type DataFlags, parseShare, readOptionsFromFlags, rolesFromFlags } from './dataFlags.ts';
import { collectOptionValues } from './optionFlags.ts';
import { importFiles, resolveModel } from './resolve.ts';
import type { Session } from './session.ts';

/** Flags that say what to train on what. */
export interface MaterialFlags extends DataFlags {
  model?: string;
  data?: string;
  train?: string[];
  validation?: string[];
  test?: string[];
  task?: string;
  watch?: string;
}

/** Flags of `train` besides those drawn from the settings of methods, tasks and training. */
export interface TrainFlags extends MaterialFlags {
  method: string;
  name?: string;
  below?: string[];
  resume?: string;
  forecast?: boolean;
  json?: boolean;
}

/** Everything settings can be named, as the host tells. */
export interface Catalogue {
  readonly methods: readonly MethodSpec[];
  readonly objectives: readonly ObjectiveSpec[];
  readonly training: OptionSpecs;
}

const texts = {
  model: { en: 'an id from `models list` or a model folder', ko: '`models list`의 id 또는 모델 폴더' },
  data: {
    en: 'files (--train FILE) or a dataset (--data ID)',
    ko: '파일(--train FILE) 또는 데이터셋(--data ID)',
  },
} as const;

function missing(flag: string, what: string, verb: string): TunebenchError {
  return new TunebenchError('cli.missingFlag', { flag, what, verb });
}

function filesFromFlags(flags: MaterialFlags): SourceFile[] {
  const splits = [
    ['train', flags.train],
    ['validation', flags.validation],
    ['test', flags.test],
  ] as const;
  return splits.flatMap(([split, paths]) => (paths ?? []).map((path) => ({ path, split })));
}

/** A dataset of the library by its id or name. */
async function findDataset(session: Session, wanted: string): Promise<DatasetSummary> {
  const found = (await session.client.datasets.list()).find(
    ({ id, name }) => id === wanted || name === wanted,
  );
  if (found === undefined) throw new TunebenchError('common.notFound', { kind: 'dataset', id: wanted });
  return found;
}

async function resolveDataset(session: Session, flags: MaterialFlags, verb: string): Promise<DatasetSummary> {
  if (flags.data !== undefined) return findDataset(session, flags.data);
  if (flags.train === undefined) throw missing('--train', say(texts.data), verb);
  // A file given for training is for training: its rows are only held out where a share says so.
  const options = readOptionsFromFlags(flags, verb);
  const validationShare = parseShare('--validation-share', flags.validationShare, verb);
  const testShare = parseShare('--test-share', flags.testShare, verb);
  const held = validationShare > 0 || testShare > 0;
  const files = filesFromFlags(flags).map((file) =>
    file.split === 'train' && (held || flags.splitColumn !== undefined) ? { path: file.path } : file,
  );
  return importFiles(session, {
    files,
    options,
    roles: rolesFromFlags(flags),
    splitColumn: flags.splitColumn,
    validationShare,
    testShare,
    seed: 0,
    skipBadRows: flags.skipBadRows ?? false,
  });
}

/** The task that was named, or the one the columns speak for. */
function resolveTask(
  flags: MaterialFlags,
  dataset: DatasetSummary,
  model: ModelSummary,
  objectives: readonly ObjectiveSpec[],
  verb: string,
): Task {
  if (flags.task === undefined) {
    const { roles } = dataset.mapping;
    const fitting = chooseTask(objectives, roles, (task) => model.tasks.includes(task));
    return fitting ?? chooseTask(objectives, roles) ?? 'classification';
  }
  const task = taskSchema.safeParse(flags.task);
  if (task.success) return task.data;
  const detail = taskSchema.options.join(', ');
  throw new TunebenchError('cli.badFlag', { flag: '--task', value: flags.task, detail, verb });
}

/** A model and a dataset, found or imported, the task they are for, and what else is said about them. */
export interface Material {
  readonly model: ModelSummary;
  readonly dataset: DatasetSummary;
  readonly task: Task;
  readonly watched: { readonly watchDatasetId?: string };
}

/** Finds or imports the model and the data that flags name. */
export async function materialFromFlags(
  session: Session,
  flags: MaterialFlags,
  objectives: readonly ObjectiveSpec[],
  verb: string,
): Promise<Material> {
  if (flags.model === undefined) throw missing('--model', say(texts.model), verb);
  const model = await resolveModel(session, flags.model);
  const dataset = await resolveDataset(session, flags, verb);
  const watched =
    flags.watch === undefined ? {} : { watchDatasetId: (await findDataset(session, flags.watch)).id };
  return { model, dataset, task: resolveTask(flags, dataset, model, objectives, verb), watched };
}

/**
 * Makes a run's configuration from flags: finds or imports the model and the data, and sorts settings into the tables
 * they belong to. What is wrong with the settings themselves is found by the host, all of it at once.
 */
export async function configFromFlags(
  session: Session,
  flags: TrainFlags,
  given: Readonly<Record<string, unknown>>,
  catalogue: Catalogue,
): Promise<RunConfig> {
  const verb = 'train';
  const method = catalogue.methods.find((each) => each.id === flags.method);
  if (method === undefined) {
    const known = catalogue.methods.map((each) => each.id).join(', ');
    throw new TunebenchError('run.unknownMethod', { id: flags.method, known });
  }
  const { model, dataset, task, watched } = await materialFromFlags(
    session,
    flags,
    catalogue.objectives,
    verb,
  );
  const others: OptionSpecs = Object.assign({}, ...catalogue.methods.map((each) => each.options));
  const values = collectOptionValues(
    given,
    {
      method: method.options,
      objective: catalogue.objectives.find((each) => each.id === task)?.options ?? {},
      training: catalogue.training,
      otherMethods: others,
    },
    verb,
  );
  return {
    ...(flags.name === undefined ? {} : { name: flags.name }),
    modelId: model.id,
    datasetId: dataset.id,
    task,
    objective: values.objective,
    method: { id: method.id, options: values.method },
    ...(flags.below?.length ? { adapters: readAdapterFlags('--below', flags.below, verb) } : {}),
    ...watched,
    training: values.training,
  };
}
