import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import {
  bakeOffEntrySchema,
  bakeOffRequestSchema,
  bakeOffResultSchema,
  bakeOffSummarySchema,
  methodTableRequestSchema,
  methodTableSchema,
  startedBakeOffSchema,
} from './bakeOff.ts';
import { adapterProcedures } from './adapters.ts';
import { checkpointProcedures } from './checkpoints.ts';
import { adviceSchema } from './coach.ts';
import {
  columnMappingSchema,
  datasetExportSchema,
  datasetHistorySchema,
  datasetPreviewSchema,
  datasetRowSchema,
  datasetSummarySchema,
  exportRequestSchema,
  readOptionsSchema,
  sourceFileSchema,
  splitRequestSchema,
  versionDiffSchema,
} from './datasets.ts';
import { jobSchema, runEventSchema, runLogSchema } from './events.ts';
import {
  datasetHealthSchema,
  healthFixRequestSchema,
  healthOptionsSchema,
  healthSourceSchema,
} from './health.ts';
import { hubDatasetFilesSchema, hubDatasetPlanSchema, hubDatasetRequestSchema } from './hubDatasets.ts';
import { judgedRowsQuerySchema, judgedRowsSchema } from './judgedRows.ts';
import { problemSchema } from './errors/index.ts';
import { labelProcedures } from './labelProcedures.ts';
import { methodSpecSchema, objectiveSpecSchema, rowContentSchema } from './methods.ts';
import { downloadPlanSchema, modelSummarySchema } from './models.ts';
import { optionSpecsSchema } from './options.ts';
import { recordFilterSchema } from './recordFilter.ts';
import {
  runAnnotationSchema,
  runConfigSchema,
  runDetailSchema,
  runForecastSchema,
  runStartSchema,
  runSummarySchema,
  notesSchema,
  seriesQuerySchema,
  seriesSchema,
} from './runs.ts';
import { id, nothing, procedure } from './procedure.ts';
import { runExtremesSchema } from './runValues.ts';
import { runSamplesSchema, samplesQuerySchema } from './samples.ts';
import { folderListingSchema, settingsSchema, sharedListSchema, systemInfoSchema } from './system.ts';
import { steeringChangeSchema } from './steering.ts';
import {
  curveExportSchema,
  documentRequestSchema,
  documentSchema,
  readCardSchema,
  runImportResultSchema,
  runImportSchema,
} from './runCard.ts';
import { studyProcedures } from './studies.ts';
import { acceptedTextsSchema, expansionEventSchema, expansionRequestSchema } from './synthetic.ts';
import { tryTargetSchema } from './tryTarget.ts';
import { verificationSchema } from './verification.ts';
import { generationOptionsSchema, predictionSchema } from './worker.ts';

/** The whole language between people's side (window, browser, command line) and the host. */
export const contract = {
  system: {
    info: procedure.input(nothing).output(systemInfoSchema),
    settings: procedure.input(nothing).output(settingsSchema),
    saveSettings: procedure.input(settingsSchema.partial()).output(settingsSchema),
    /** Which lists are to be read: all of them now, then each that has changed. */
    watchLists: procedure.input(nothing).output(eventIterator(sharedListSchema)),
    /** Writes the whole workbench into one file, which the command line restores. */
    backup: procedure
      .input(z.object({ path: z.string() }))
      .output(z.object({ path: z.string(), sizeBytes: z.number().int(), files: z.number().int() })),
  },
  files: {
    list: procedure.input(z.object({ path: z.string().optional() })).output(folderListingSchema),
    /** Puts a file from the browser into the data folder, so that it can be imported by its path. */
    upload: procedure
      .input(z.object({ name: z.string(), content: z.file() }))
      .output(z.object({ path: z.string() })),
  },
  jobs: {
    list: procedure.input(nothing).output(z.array(jobSchema)),
    cancel: procedure.input(id).output(jobSchema),
    /** The state of every job now, then each change. */
    watch: procedure.input(nothing).output(eventIterator(jobSchema)),
  },
  models: {
    list: procedure.input(nothing).output(z.array(modelSummarySchema)),
    /** Checks a model folder whole and says everything that is wrong with it, without importing. */
    inspect: procedure.input(z.object({ path: z.string() })).output(modelSummarySchema),
    import: procedure
      .input(z.object({ path: z.string(), name: z.string().optional() }))
      .output(modelSummarySchema),
    planDownload: procedure
      .input(z.object({ hubId: z.string(), revision: z.string().default('main') }))
      .output(downloadPlanSchema),
    download: procedure
      .input(z.object({ hubId: z.string(), revision: z.string().default('main') }))
      .output(jobSchema),
    remove: procedure.input(id).output(id),
  },
  datasets: {
    list: procedure.input(nothing).output(z.array(datasetSummarySchema)),
    get: procedure.input(id).output(datasetSummarySchema),
    preview: procedure
      .input(
        z.object({
          path: z.string(),
          options: readOptionsSchema.default({}),
          rows: z.number().int().max(200).default(20),
        }),
      )
      .output(datasetPreviewSchema),
    import: procedure
      .input(
        z.object({
          name: z.string().optional(),
          files: z.array(sourceFileSchema).min(1),
          options: readOptionsSchema.default({}),
          mapping: columnMappingSchema,
          /** Shares for rows whose split nothing else decides; stratified by label, seeded. */
          validationShare: z.number().min(0).max(0.9).default(0.1),
          testShare: z.number().min(0).max(0.9).default(0),
          seed: z.number().int().default(0),
          /** Import although some rows are unusable, leaving those out. */
          skipBadRows: z.boolean().default(false),
        }),
      )
      .output(datasetSummarySchema),
    /** Which files a dataset on the Hugging Face Hub has. */
    planHub: procedure.input(hubDatasetRequestSchema).output(hubDatasetPlanSchema),
    /** Fetches them, to be previewed and imported by their paths. */
    fetchHub: procedure.input(hubDatasetRequestSchema).output(hubDatasetFilesSchema),
    rows: procedure
      .input(
        z.object({
          id: z.string(),
          filter: recordFilterSchema.default({}),
          offset: z.number().int().min(0).default(0),
          limit: z.number().int().min(1).max(500).default(50),
        }),
      )
      .output(z.object({ total: z.number().int(), rows: z.array(datasetRowSchema) })),
    /** Looks for what is wrong with a dataset, or with files before they are imported. */
    check: procedure
      .input(z.object({ source: healthSourceSchema, options: healthOptionsSchema.prefault({}) }))
      .output(datasetHealthSchema),
    /** Mends what a check found, as a new version. */
    fix: procedure.input(healthFixRequestSchema.extend({ id: z.string() })).output(datasetSummarySchema),
    /** Gives rows another label, as a new version. Rows count from 1. */
    relabel: procedure
      .input(
        z.object({ id: z.string(), rows: z.array(z.number().int().min(1)).min(1), label: z.string().min(1) }),
      )
      .output(datasetSummarySchema),
    /** Lets a local model write texts after rows of a dataset, to be judged by a person; nothing is kept. */
    expand: procedure.input(expansionRequestSchema).output(eventIterator(expansionEventSchema)),
    /** Puts texts that a person accepted behind the last row, marked as written by a model, as a new version. */
    addSynthetic: procedure.input(acceptedTextsSchema).output(datasetSummarySchema),
    /** Takes the newest change of a dataset back, as a new version; without end. */
    undo: procedure.input(id).output(datasetSummarySchema),
    redo: procedure.input(id).output(datasetSummarySchema),
    history: procedure.input(id).output(datasetHistorySchema),
    /** Decides every row's split anew, as a new version. */
    split: procedure.input(splitRequestSchema.extend({ id: z.string() })).output(datasetSummarySchema),
    /** Makes a dataset for each fold of a cross-validation, to be chosen for runs like any other. */
    folds: procedure
      .input(splitRequestSchema.extend({ id: z.string(), folds: z.number().int().min(2).max(50) }))
      .output(z.array(datasetSummarySchema)),
    /** The versions of a dataset, oldest first. */
    versions: procedure.input(id).output(z.array(datasetSummarySchema)),
    /** What changed from one version to another, row by row. */
    diff: procedure
      .input(
        z.object({
          older: z.string(),
          newer: z.string(),
          listed: z.number().int().min(0).max(100_000).default(100),
        }),
      )
      .output(versionDiffSchema),
    /** Makes an older version the newest again. */
    restore: procedure.input(id).output(datasetSummarySchema),
    /** Writes rows of a dataset into a file, or a folder per class. */
    export: procedure
      .input(exportRequestSchema.extend({ id: z.string(), path: z.string() }))
      .output(datasetExportSchema),
    remove: procedure.input(id).output(id),
  },
  labels: labelProcedures,
  methods: {
    list: procedure.input(nothing).output(
      z.object({
        methods: z.array(methodSpecSchema),
        objectives: z.array(objectiveSpecSchema),
        /** Learning rate, epochs, batch size and the rest: the same for every method. */
        training: optionSpecsSchema,
      }),
    ),
    /** What each method would train of a model, or why it cannot; weights are not needed for it. */
    table: procedure.input(methodTableRequestSchema).output(methodTableSchema),
    /** Names of published models whose shapes are known. */
    published: procedure.input(nothing).output(z.array(z.string())),
  },
  bakeOff: {
    list: procedure.input(nothing).output(z.array(bakeOffSummarySchema)),
    get: procedure.input(z.object({ group: z.string() })).output(bakeOffResultSchema),
    /** What each method of a comparison would cost, and what is wrong with it, without starting. */
    check: procedure.input(bakeOffRequestSchema).output(z.array(bakeOffEntrySchema)),
    start: procedure.input(bakeOffRequestSchema).output(startedBakeOffSchema),
  },
  adapters: adapterProcedures,
  studies: studyProcedures,
  checkpoints: checkpointProcedures,
  runs: {
    /** Checks a whole configuration and counts what it would train, without starting. */
    forecast: procedure.input(runConfigSchema).output(runForecastSchema),
    start: procedure.input(runStartSchema).output(runSummarySchema),
    list: procedure.input(nothing).output(z.array(runSummarySchema)),
    get: procedure.input(id).output(runDetailSchema),
    series: procedure.input(seriesQuerySchema).output(z.array(seriesSchema)),
    /** The lowest and highest values of some metrics, of every run in the log that has them. */
    extremes: procedure
      .input(z.object({ metrics: z.array(z.string().max(200)).max(400) }))
      .output(runExtremesSchema),
    /** Events of one run, or of all, after a sequence number; stays open and goes on live. */
    events: procedure
      .input(z.object({ runId: z.string().optional(), after: z.number().int().default(0) }))
      .output(eventIterator(runEventSchema)),
    log: procedure.input(id).output(runLogSchema),
    /** What a run's model made of the sampled rows, at one step. */
    samples: procedure.input(samplesQuerySchema).output(runSamplesSchema),
    /** Notes as they are read: Markdown as HTML in which nothing of the text is HTML. */
    notesHtml: procedure.input(notesSchema).output(z.object({ html: z.string() })),
    /** What the curves of a run say, so far: the most important first; empty where nothing is wrong. */
    advice: procedure.input(id).output(z.array(adviceSchema)),
    /** Starts a run again as it was told to run the first time, with the material as it is now. */
    replay: procedure.input(id).output(runSummarySchema),
    /** Compares a run with the one it was made from. */
    verify: procedure.input(id).output(verificationSchema),
    pause: procedure.input(id).output(runSummarySchema),
    /** Goes on from the newest checkpoint, or from a chosen one: later ones go into the bin. */
    resume: procedure.input(id.extend({ fromStep: z.number().int().optional() })).output(runSummarySchema),
    stop: procedure.input(id).output(runSummarySchema),
    /** Changes something between two steps; `steered` tells when. A run that is over goes on when it is made longer. */
    steer: procedure
      .input(
        z.object({ id: z.string(), change: steeringChangeSchema, fromStep: z.number().int().optional() }),
      )
      .output(runSummarySchema),
    /** Puts a waiting run at another place of the queue, counted from 0. */
    move: procedure
      .input(z.object({ id: z.string(), place: z.number().int().min(0) }))
      .output(runSummarySchema),
    /** When a waiting run may begin; null for at once. */
    schedule: procedure
      .input(z.object({ id: z.string(), notBefore: z.iso.datetime().nullable() }))
      .output(runSummarySchema),
    /** Runs that stand still because something is in their way, such as a full disk. */
    blocked: procedure
      .input(nothing)
      .output(z.array(z.object({ runId: z.string(), problem: problemSchema }))),
    annotate: procedure
      .input(z.object({ id: z.string(), change: runAnnotationSchema }))
      .output(runSummarySchema),
    /** A run as a text: the card that repeats it, or a report to be read. */
    document: procedure.input(documentRequestSchema).output(documentSchema),
    readCard: procedure.input(z.object({ text: z.string().max(5_000_000) })).output(readCardSchema),
    /** Writes every point of some runs for other programs. */
    exportCurves: procedure
      .input(curveExportSchema)
      .output(z.object({ path: z.string(), sizeBytes: z.number().int() })),
    /** Takes runs that other programs have recorded into the log. */
    import: procedure.input(runImportSchema).output(runImportResultSchema),
    /** Throws a run away; it can be put back until the bin is emptied. */
    remove: procedure.input(id).output(id),
    restore: procedure.input(id).output(runSummarySchema),
    bin: procedure
      .input(nothing)
      .output(z.object({ runs: z.array(runSummarySchema), sizeBytes: z.number().int() })),
    /** Deletes what was thrown away, with its files, for good. */
    emptyBin: procedure.input(nothing).output(z.object({ count: z.number().int() })),
  },
  playground: {
    predict: procedure
      .input(z.object({ target: tryTargetSchema, rows: z.array(rowContentSchema).min(1).max(256) }))
      .output(z.array(predictionSchema)),
    /** The rows behind a cell of a run's confusion matrix. */
    judgedRows: procedure.input(judgedRowsQuerySchema).output(judgedRowsSchema),
    /** Streams the answer as it is generated. */
    generate: procedure
      .input(
        z.object({
          target: tryTargetSchema,
          prompt: z.string(),
          options: generationOptionsSchema.partial().default({}),
        }),
      )
      .output(eventIterator(z.object({ text: z.string() }))),
  },
  exports: {
    create: procedure
      .input(z.object({ runId: z.string(), form: z.enum(['adapter', 'merged']), folder: z.string() }))
      .output(z.object({ folder: z.string(), files: z.array(z.string()), sizeBytes: z.number().int() })),
  },
};
export type Contract = typeof contract;
