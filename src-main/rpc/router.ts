import { implement } from '@orpc/server';
import { contract } from '../contract/contract.ts';
import type { Services } from '../services/services.ts';
import { withFailures } from './failures.ts';
import { replay, watch } from './replay.ts';

/** Binds every procedure of the contract to the use case that answers it. */
export function createRouter(services: Services) {
  const {
    system,
    sharedLists,
    settings,
    files,
    jobs,
    models,
    adapters,
    datasets,
    labels,
    methods,
    runs,
    playground,
    judgedRows,
    exports,
    bakeOff,
    studies,
  } = services;
  const procedures = implement(contract).use(({ next, path }) =>
    withFailures(
      () => next(),
      (error) => services.report(path.join('.'), error),
    ),
  );

  return procedures.router({
    system: {
      info: procedures.system.info.handler(() => system.info()),
      settings: procedures.system.settings.handler(() => settings.get()),
      backup: procedures.system.backup.handler(({ input }) => services.backup.create(input.path)),
      saveSettings: procedures.system.saveSettings.handler(({ input }) => settings.save(input)),
      watchLists: procedures.system.watchLists.handler(({ signal }) =>
        watch((version) => sharedLists.changedSince(version), sharedLists.changes, signal),
      ),
    },
    files: {
      list: procedures.files.list.handler(({ input }) => files.list(input.path)),
      upload: procedures.files.upload.handler(({ input }) => files.upload(input.name, input.content)),
    },
    jobs: {
      list: procedures.jobs.list.handler(() => jobs.list()),
      cancel: procedures.jobs.cancel.handler(({ input }) => jobs.cancel(input.id)),
      watch: procedures.jobs.watch.handler(({ signal }) =>
        watch((version) => jobs.changedSince(version), jobs.changes, signal),
      ),
    },
    models: {
      list: procedures.models.list.handler(() => models.list()),
      inspect: procedures.models.inspect.handler(({ input }) => models.inspect(input.path)),
      import: procedures.models.import.handler(({ input }) => models.import(input.path, input.name)),
      planDownload: procedures.models.planDownload.handler(({ input, signal }) =>
        models.planDownload(input, signal),
      ),
      download: procedures.models.download.handler(({ input }) => models.download(input)),
      remove: procedures.models.remove.handler(({ input }) => models.remove(input.id)),
    },
    studies: {
      startD90: procedures.studies.startD90.handler(({ input }) => studies.startD90(input)),
      d90: procedures.studies.d90.handler(({ input }) => studies.d90(input.group)),
    },
    adapters: {
      list: procedures.adapters.list.handler(() => adapters.list()),
      import: procedures.adapters.import.handler(({ input }) => adapters.import(input)),
      combine: procedures.adapters.combine.handler(({ input }) => adapters.combine(input)),
      remove: procedures.adapters.remove.handler(({ input }) => adapters.remove(input.id)),
    },
    datasets: {
      list: procedures.datasets.list.handler(() => datasets.list()),
      get: procedures.datasets.get.handler(({ input }) => datasets.get(input.id)),
      preview: procedures.datasets.preview.handler(({ input }) =>
        datasets.preview(input.path, input.options, input.rows),
      ),
      import: procedures.datasets.import.handler(({ input }) => datasets.import(input)),
      planHub: procedures.datasets.planHub.handler(({ input, signal }) => datasets.planHub(input, signal)),
      fetchHub: procedures.datasets.fetchHub.handler(({ input }) => datasets.fetchHub(input)),
      rows: procedures.datasets.rows.handler(({ input }) => datasets.rows(input)),
      check: procedures.datasets.check.handler(({ input }) => datasets.check(input.source, input.options)),
      fix: procedures.datasets.fix.handler(({ input: { id, ...request } }) => datasets.fix(id, request)),
      relabel: procedures.datasets.relabel.handler(({ input }) =>
        datasets.relabel(input.id, input.rows, input.label),
      ),
      expand: procedures.datasets.expand.handler(({ input, signal }) => services.expand(input, signal)),
      addSynthetic: procedures.datasets.addSynthetic.handler(({ input }) => datasets.addSynthetic(input)),
      undo: procedures.datasets.undo.handler(({ input }) => datasets.undo(input.id)),
      redo: procedures.datasets.redo.handler(({ input }) => datasets.redo(input.id)),
      history: procedures.datasets.history.handler(({ input }) => datasets.history(input.id)),
      split: procedures.datasets.split.handler(({ input: { id, ...request } }) =>
        datasets.split(id, request),
      ),
      folds: procedures.datasets.folds.handler(({ input: { id, ...request } }) =>
        datasets.folds(id, request.folds, request),
      ),
      versions: procedures.datasets.versions.handler(({ input }) => datasets.versions(input.id)),
      diff: procedures.datasets.diff.handler(({ input }) =>
        datasets.diff(input.older, input.newer, input.listed),
      ),
      restore: procedures.datasets.restore.handler(({ input }) => datasets.restore(input.id)),
      export: procedures.datasets.export.handler(({ input: { id, path, ...request } }) =>
        datasets.export(id, path, request),
      ),
      remove: procedures.datasets.remove.handler(({ input }) => datasets.remove(input.id)),
    },
    labels: {
      list: procedures.labels.list.handler(() => labels.list()),
      get: procedures.labels.get.handler(({ input }) => labels.get(input.id)),
      open: procedures.labels.open.handler(({ input }) => labels.open(input)),
      remove: procedures.labels.remove.handler(({ input }) => labels.remove(input.id)),
      page: procedures.labels.page.handler(({ input: { id, ...query } }) => labels.page(id, query)),
      count: procedures.labels.count.handler(({ input }) => labels.count(input.id, input.filter)),
      record: procedures.labels.record.handler(({ input }) => labels.record(input.id, input.number)),
      act: procedures.labels.act.handler(({ input }) => labels.act(input.id, input.action)),
      undo: procedures.labels.undo.handler(({ input }) => labels.undo(input.id)),
      redo: procedures.labels.redo.handler(({ input }) => labels.redo(input.id)),
      revert: procedures.labels.revert.handler(({ input }) => labels.revert(input.id, input.sequence)),
      history: procedures.labels.history.handler(({ input: { id, ...query } }) => labels.history(id, query)),
      saveLabels: procedures.labels.saveLabels.handler(({ input }) =>
        labels.saveLabels(input.id, input.labels),
      ),
      tryRules: procedures.labels.tryRules.handler(({ input }) => labels.tryRules(input.id, input.rules)),
      startHelp: procedures.labels.startHelp.handler(({ input }) => labels.startHelp(input.id, input.source)),
      stopHelp: procedures.labels.stopHelp.handler(({ input }) => labels.stopHelp(input.id)),
      similar: procedures.labels.similar.handler(({ input: { id, ...query } }) => labels.similar(id, query)),
      filters: procedures.labels.filters.handler(({ input }) => labels.filters(input.id)),
      saveFilter: procedures.labels.saveFilter.handler(({ input: { id, ...filter } }) =>
        labels.saveFilter(id, filter),
      ),
      removeFilter: procedures.labels.removeFilter.handler(({ input }) =>
        labels.removeFilter(input.id, input.name),
      ),
      agreement: procedures.labels.agreement.handler(({ input }) => labels.agreement(input.ids)),
      adjudicate: procedures.labels.adjudicate.handler(({ input }) =>
        labels.adjudicate(input.ids, input.name),
      ),
      votes: procedures.labels.votes.handler(({ input }) => labels.votes(input.id, input.numbers)),
      publish: procedures.labels.publish.handler(({ input: { id, ...wanted } }) =>
        labels.publish(id, wanted),
      ),
    },
    methods: {
      list: procedures.methods.list.handler(() => methods.list()),
      table: procedures.methods.table.handler(({ input }) => bakeOff.methodTable(input)),
      published: procedures.methods.published.handler(() => bakeOff.publishedModels()),
    },
    bakeOff: {
      list: procedures.bakeOff.list.handler(() => bakeOff.list()),
      get: procedures.bakeOff.get.handler(({ input }) => bakeOff.get(input.group)),
      check: procedures.bakeOff.check.handler(({ input }) => bakeOff.check(input)),
      start: procedures.bakeOff.start.handler(({ input }) => bakeOff.start(input)),
    },
    runs: {
      forecast: procedures.runs.forecast.handler(({ input }) => runs.forecast(input)),
      start: procedures.runs.start.handler(({ input }) => runs.start(input)),
      list: procedures.runs.list.handler(() => runs.list()),
      get: procedures.runs.get.handler(({ input }) => runs.get(input.id)),
      series: procedures.runs.series.handler(({ input: { id, ...query } }) =>
        runs.series({ runId: id, ...query }),
      ),
      extremes: procedures.runs.extremes.handler(({ input }) => runs.extremes(input.metrics)),
      events: procedures.runs.events.handler(({ input, signal }) =>
        replay(input.after, (after) => runs.eventsAfter({ after, runId: input.runId }), runs.changes, signal),
      ),
      log: procedures.runs.log.handler(({ input }) => runs.log(input.id)),
      samples: procedures.runs.samples.handler(({ input }) => runs.samples(input)),
      notesHtml: procedures.runs.notesHtml.handler(({ input }) => ({
        html: runs.notesHtml(input.notes, input.headingsAbove),
      })),
      advice: procedures.runs.advice.handler(({ input }) => runs.advice(input.id)),
      replay: procedures.runs.replay.handler(({ input }) => runs.replay(input.id)),
      verify: procedures.runs.verify.handler(({ input }) => runs.verify(input.id)),
      pause: procedures.runs.pause.handler(({ input }) => runs.pause(input.id)),
      resume: procedures.runs.resume.handler(({ input }) => runs.resume(input.id, input.fromStep)),
      stop: procedures.runs.stop.handler(({ input }) => runs.stop(input.id)),
      steer: procedures.runs.steer.handler(({ input }) => runs.steer(input.id, input.change, input.fromStep)),
      move: procedures.runs.move.handler(({ input }) => runs.move(input.id, input.place)),
      schedule: procedures.runs.schedule.handler(({ input }) => runs.schedule(input.id, input.notBefore)),
      blocked: procedures.runs.blocked.handler(() => runs.blocked()),
      document: procedures.runs.document.handler(({ input }) => runs.document(input)),
      readCard: procedures.runs.readCard.handler(({ input }) => runs.readCard(input.text)),
      exportCurves: procedures.runs.exportCurves.handler(({ input }) => runs.exportCurves(input)),
      import: procedures.runs.import.handler(({ input }) => runs.import(input.path, input.name)),
      annotate: procedures.runs.annotate.handler(({ input }) => runs.annotate(input.id, input.change)),
      remove: procedures.runs.remove.handler(({ input }) => runs.remove(input.id)),
      restore: procedures.runs.restore.handler(({ input }) => runs.restore(input.id)),
      bin: procedures.runs.bin.handler(() => runs.bin()),
      emptyBin: procedures.runs.emptyBin.handler(() => runs.emptyBin()),
    },
    checkpoints: {
      list: procedures.checkpoints.list.handler(({ input }) => runs.checkpoints.list(input.id)),
      remove: procedures.checkpoints.remove.handler(({ input }) =>
        runs.checkpoints.remove(input.id, input.steps),
      ),
      prune: procedures.checkpoints.prune.handler(({ input }) =>
        runs.checkpoints.prune(input.id, input.keep),
      ),
      restore: procedures.checkpoints.restore.handler(({ input }) =>
        runs.checkpoints.restore(input.id, input.keys),
      ),
      emptyBin: procedures.checkpoints.emptyBin.handler(({ input }) => runs.checkpoints.emptyBin(input.id)),
      fork: procedures.checkpoints.fork.handler(({ input }) => runs.fork(input)),
    },
    playground: {
      predict: procedures.playground.predict.handler(({ input }) =>
        playground.predict(input.target, input.rows),
      ),
      judgedRows: procedures.playground.judgedRows.handler(({ input }) => judgedRows(input)),
      generate: procedures.playground.generate.handler(({ input, signal }) =>
        playground.generate(input.target, input.prompt, input.options, signal),
      ),
    },
    exports: {
      create: procedures.exports.create.handler(({ input }) =>
        exports.create(input.runId, input.form, input.folder),
      ),
    },
  });
}
export type HostRouter = ReturnType<typeof createRouter>;
