import { TunebenchError, problemsFromError } from '../contract/errors/index.ts';
import type { ExpansionRequest } from '../contract/synthetic.ts';
import type { Settings, SystemInfo } from '../contract/system.ts';
import {
  type WorkerLauncher,
  createEngineFiles,
  isDiskFull,
  openDataFolder,
  openLog,
  placeFileAtomically,
  readSetupRecord,
} from '../platform/index.ts';
import { openStore } from '../store/store.ts';
import { createBakeOffService } from './bakeOff/bakeOff.ts';
import type { ServiceContext } from './context.ts';
import { createAdaptersService } from './adapters/adapters.ts';
import { createBackupService } from './backup.ts';
import { createDatasetsService } from './datasets/datasets.ts';
import { type WritingModel, expandDataset } from './datasets/expandDataset.ts';
import { createExportsService } from './exports.ts';
import { createFilesService } from './files.ts';
import { Jobs } from './jobs.ts';
import { createLabelsService } from './labels/labels.ts';
import { createMethodsService } from './methods.ts';
import { createModelsService } from './models/models.ts';
import { EvaluationWorker } from './playground/evaluationWorker.ts';
import { createJudgedRows } from './playground/judgedRows.ts';
import { createPlaygroundService } from './playground/playground.ts';
import { createRunsService } from './runs/runs.ts';
import { registerSamples } from './samples.ts';
import { SharedLists } from './sharedLists.ts';
import { createStudiesService } from './studies/d90.ts';
import { createSystemService } from './system.ts';

export interface ServicesOptions {
  readonly host: SystemInfo['host'];
  readonly version: string;
  /** Where the program itself lies, with `resources/` and what set-up recorded. */
  readonly applicationFolder: string;
  readonly dataFolder: string;
  readonly launcher: WorkerLauncher;
  /** Whether to train what an earlier host left in the queue. */
  readonly adoptQueuedRuns: boolean;
}

/**
 * Opens a data folder and every use case on it. One process at a time may do so.
 * @throws TunebenchError `platform.dataFolderInUse` and what the disk or the database says
 */
export async function openServices(options: ServicesOptions) {
  const dataFolder = openDataFolder(options.dataFolder);
  try {
    return await openOn(options, dataFolder);
  } catch (error) {
    dataFolder.release();
    throw error;
  }
}

async function openOn(options: ServicesOptions, dataFolder: ReturnType<typeof openDataFolder>) {
  const log = openLog(dataFolder.logsPath);
  const sharedLists = new SharedLists();
  const store = openStore(dataFolder.databasePath, {
    placeFile: placeFileAtomically,
    isDiskFull,
    onChanged: (lists) => sharedLists.announce(lists),
  });
  const files = createEngineFiles();
  const context: ServiceContext = {
    host: options.host,
    version: options.version,
    store,
    dataFolder,
    files,
    setup: readSetupRecord(options.applicationFolder),
    launcher: options.launcher,
    log,
    samplesFolder: files.join(options.applicationFolder, 'resources', 'samples'),
  };
  log.write('info', 'opened', { host: options.host, version: options.version });

  const jobs = new Jobs();
  const models = createModelsService(context, jobs);
  const datasets = createDatasetsService(context, jobs);
  const evaluation = new EvaluationWorker(context);
  await registerSamples(context, models);
  const runs = createRunsService(context, { adoptQueuedRuns: options.adoptQueuedRuns });
  const labels = createLabelsService(context, { jobs, models, runs, evaluation });
  const bakeOff = createBakeOffService(context, runs);
  const playground = createPlaygroundService(context, { runs, models, evaluation });
  return {
    dataFolder: dataFolder.path,
    system: createSystemService(context),
    sharedLists,
    settings: {
      get: (): Settings => store.settings.get(),
      save(change: Partial<Settings>): Settings {
        const saved = store.settings.save(change);
        runs.queueChanged();
        return saved;
      },
    },
    backup: createBackupService(context),
    files: createFilesService(context),
    methods: createMethodsService(),
    bakeOff,
    studies: createStudiesService(bakeOff),
    jobs,
    models,
    adapters: createAdaptersService(context, { models, evaluation }),
    datasets,
    labels,
    runs,
    playground,
    /** Texts that a model of the workbench writes after rows of a dataset. */
    expand: (request: ExpansionRequest, signal?: AbortSignal) => {
      const { target } = request;
      const write: WritingModel['write'] = (prompt, generation, stop) =>
        playground.generate(target, prompt, generation, stop);
      const model = { name: playground.nameOf(target), write };
      return expandDataset(context, datasets.get(request.id), request, model, signal);
    },
    judgedRows: createJudgedRows(context, { runs, datasets, jobs, predict: playground.predict }),
    exports: createExportsService(context, { runs, jobs, evaluation }),

    /** Logs a failed call; what a person did wrong is not the program's error. */
    report(procedure: string, error: unknown): void {
      const level = error instanceof TunebenchError ? 'info' : 'error';
      const stack = level === 'error' && error instanceof Error ? { stack: error.stack } : {};
      log.write(level, 'call failed', { procedure, problems: problemsFromError(error), ...stack });
    },

    /** Ends everything this host started: the run in progress stops resumably, then the data folder is free. */
    async close(): Promise<void> {
      jobs.cancelAll();
      labels.close();
      evaluation.close();
      await runs.close();
      store.close();
      dataFolder.release();
    },
  };
}
export type Services = Awaited<ReturnType<typeof openServices>>;
