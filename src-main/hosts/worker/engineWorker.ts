import { problemsFromError } from '../../contract/errors/index.ts';
import type { LoadedModel, TrainJob, WorkerMessage, WorkerRequest } from '../../contract/worker.ts';
import { ProbeDesk } from '../../engine/probe/desk.ts';
import { combineAdapters } from '../../engine/formats/combineAdapters.ts';
import { type TrainingRemote, createTrainingControl } from '../../engine/train/control.ts';
import { mergeModel } from '../../engine/train/merge.ts';
import { type Predictor, loadPredictor } from '../../engine/train/predict.ts';
import { runTraining } from '../../engine/train/session.ts';
import { createEngineFiles, peakMemoryBytes, watchLoad } from '../../platform/index.ts';
import { type LoadedBackend, loadBackend } from './loadBackend.ts';

type Asked = Extract<WorkerRequest, { id: number }>;

/** Answers requests of the host, one after another; steering a running one takes effect at once. */
export class EngineWorker {
  readonly #send: (message: WorkerMessage) => void;
  readonly #files = createEngineFiles();
  readonly #cancelled = new Set<number>();
  #loaded: LoadedBackend | undefined;
  #training: TrainingRemote | undefined;
  /** The model tried last, kept loaded. */
  #warm: { key: string; predictor: Predictor } | undefined;
  #desk: ProbeDesk | undefined;
  #last: Promise<void> = Promise.resolve();
  #onLogWritten: () => void = () => undefined;

  constructor(send: (message: WorkerMessage) => void) {
    this.#send = send;
  }

  take(request: WorkerRequest): void {
    switch (request.kind) {
      case 'pause':
        this.#training?.pause();
        return;
      case 'continue':
        this.#training?.continue();
        return;
      case 'stop':
        this.#training?.stop();
        return;
      case 'steer':
        this.#training?.steer(request);
        return;
      case 'logWritten':
        this.#onLogWritten();
        return;
      case 'cancel':
        this.#cancelled.add(request.id);
        return;
      default:
        if (request.kind === 'train') this.#training = createTrainingControl();
        this.#last = this.#last.then(() => this.#answer(request));
    }
  }

  async #answer(request: Asked): Promise<void> {
    try {
      await this.#act(request);
    } catch (error) {
      // The stack of what nobody foresaw goes to the log; a person gets the sentence.
      if (error instanceof Error && error.name !== 'TunebenchError') process.stderr.write(`${error.stack}\n`);
      this.#send({ kind: 'failed', id: request.id, problems: [...problemsFromError(error)] });
    } finally {
      this.#cancelled.delete(request.id);
    }
  }

  get #engine(): LoadedBackend {
    if (this.#loaded === undefined) throw new Error('The worker was asked for something before its start.');
    return this.#loaded;
  }

  async #act(request: Asked): Promise<void> {
    const { id } = request;
    switch (request.kind) {
      case 'start': {
        this.#loaded = await loadBackend(request.backend);
        const { backend, libraryVersion } = this.#loaded;
        this.#send({ kind: 'started', id, device: backend.device, libraryVersion });
        return;
      }
      case 'train':
        await this.#train(request.job);
        this.#send({ kind: 'done', id });
        return;
      case 'predict': {
        const predictions = this.#predictor(request.model).predict(request.rows);
        this.#send({ kind: 'predicted', id, predictions });
        return;
      }
      case 'generate':
        await this.#generate(request);
        this.#send({ kind: 'done', id });
        return;
      case 'merge': {
        const { model, targetFolder } = request;
        // A second copy of the weights is about to be made: the first one goes.
        this.#dropWarm();
        this.#desk?.dropReader();
        mergeModel({ model, targetFolder, backend: this.#engine.backend, files: this.#files });
        this.#send({ kind: 'done', id });
        return;
      }
      case 'readTexts':
        this.#probeDesk.readTexts(request);
        this.#send({ kind: 'done', id });
        return;
      case 'teachProbe':
        this.#send({ kind: 'probeTaught', id, lesson: this.#probeDesk.teach(request) });
        return;
      case 'findNearest':
        this.#send({ kind: 'nearestFound', id, found: this.#probeDesk.nearest(request) });
        return;
      case 'combine': {
        combineAdapters(this.#files, request.adapters, request.how, request.targetFolder);
        this.#send({ kind: 'done', id });
        return;
      }
      case 'cancel':
        return;
      default:
        request satisfies never;
    }
  }

  get #probeDesk(): ProbeDesk {
    this.#desk ??= new ProbeDesk(this.#files, this.#engine.backend);
    return this.#desk;
  }

  #dropWarm(): void {
    this.#warm?.predictor.dispose();
    this.#warm = undefined;
  }

  #predictor(model: LoadedModel): Predictor {
    const key = JSON.stringify([model.modelFolder, model.trainedFolder, model.task, model.adapters]);
    if (this.#warm?.key !== key) {
      this.#dropWarm();
      const predictor = loadPredictor({ model, backend: this.#engine.backend, files: this.#files });
      this.#warm = { key, predictor };
    }
    return this.#warm.predictor;
  }

  async #generate({ id, model, prompt, options }: Extract<Asked, { kind: 'generate' }>): Promise<void> {
    for (const text of this.#predictor(model).generate(prompt, options)) {
      if (text !== '') this.#send({ kind: 'generatedText', id, text });
      // Lets a cancel in between two tokens.
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#cancelled.has(id)) return;
    }
  }

  async #train(job: TrainJob): Promise<void> {
    const load = watchLoad();
    try {
      await runTraining({
        job,
        backend: this.#engine.backend,
        files: this.#files,
        control: this.#training ?? createTrainingControl(),
        memory: {
          currentBytes: () => process.memoryUsage.rss(),
          peakBytes: () => peakMemoryBytes() ?? process.memoryUsage.rss(),
          takeLoad: () => load.take(),
        },
        emit: (body) => this.#send({ kind: 'runEvent', body }),
        untilKept: () =>
          new Promise((resolve) => {
            this.#onLogWritten = resolve;
            this.#send({ kind: 'awaitsLog' });
          }),
      });
    } finally {
      load.close();
    }
  }
}
