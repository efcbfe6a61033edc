import { TunebenchError, errorFromProblems } from '../../contract/errors/index.ts';
import type { RowContent } from '../../contract/methods.ts';
import type {
  GenerationOptions,
  LoadedModel,
  Prediction,
  WorkerMessage,
  WorkerRequest,
} from '../../contract/worker.ts';
import type { ProbeLesson } from '../../contract/probe.ts';
import { type WorkerHandle, startWorker } from '../../platform/index.ts';
import type { ServiceContext } from '../context.ts';

/** How long the process stays, with its model loaded, after the last request. */
const idleMs = 5 * 60_000;

type ReadingModel = Extract<WorkerRequest, { kind: 'readTexts' }>['model'];

interface Pending {
  onMessage(message: WorkerMessage): void;
  onFailure(error: Error): void;
}

/**
 * One process for trying and exporting models. It starts with the first request, answers one request at a time, keeps
 * the last model loaded, and ends after a while without requests; if it dies, the next request starts another.
 */
export class EvaluationWorker {
  readonly #context: ServiceContext;
  #worker: WorkerHandle | undefined;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  predict(model: LoadedModel, rows: RowContent[]): Promise<Prediction[]> {
    return this.#ask(
      (id) => ({ kind: 'predict', id, model, rows }),
      (message, resolve) => {
        if (message.kind === 'predicted') resolve(message.predictions);
      },
    );
  }

  /** Writes the model merged with what was trained on it as a model folder. */
  merge(model: LoadedModel, targetFolder: string): Promise<void> {
    return this.#ask<void>(
      (id) => ({ kind: 'merge', id, model, targetFolder }),
      (message, resolve) => {
        if (message.kind === 'done') resolve();
      },
    );
  }

  /** Writes one LoRA adapter that does what several do. */
  combine(
    adapters: NonNullable<LoadedModel['adapters']>,
    how: 'concatenate' | 'average',
    targetFolder: string,
  ): Promise<void> {
    return this.#ask<void>(
      (id) => ({ kind: 'combine', id, adapters, how, targetFolder }),
      (message, resolve) => {
        if (message.kind === 'done') resolve();
      },
    );
  }

  /**
   * Generates text, calling `onText` with each piece.
   * @param signal ends the generation; the promise then resolves with what there was
   */
  async generate(
    model: LoadedModel,
    prompt: string,
    options: GenerationOptions,
    onText: (text: string) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    let requestId = 0;
    const cancel = () => this.#worker?.send({ kind: 'cancel', id: requestId });
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await this.#ask<void>(
        (id) => {
          requestId = id;
          return { kind: 'generate', id, model, prompt, options };
        },
        (message, resolve) => {
          if (message.kind === 'generatedText') onText(message.text);
          if (message.kind === 'done') resolve();
        },
      );
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Makes features of texts by a base model, where the cache has none yet. */
  readTexts(
    cacheFolder: string,
    model: ReadingModel,
    texts: readonly { name: string; text: string }[],
  ): Promise<void> {
    return this.#ask<void>(
      (id) => ({ kind: 'readTexts', id, cacheFolder, model, texts: [...texts] }),
      (message, resolve) => {
        if (message.kind === 'done') resolve();
      },
    );
  }

  /** Teaches a probe with the texts that have an answer. */
  teachProbe(
    cacheFolder: string,
    lesson: Omit<Extract<WorkerRequest, { kind: 'teachProbe' }>, 'kind' | 'id' | 'cacheFolder'>,
  ): Promise<ProbeLesson> {
    return this.#ask(
      (id) => ({ kind: 'teachProbe', id, cacheFolder, ...lesson }),
      (message, resolve) => {
        if (message.kind === 'probeTaught') resolve(message.lesson);
      },
    );
  }

  /** Places in the pool of the texts most similar to one, the most similar first. */
  findNearest(
    cacheFolder: string,
    pool: string[],
    name: string,
    count: number,
  ): Promise<{ index: number; similarity: number }[]> {
    return this.#ask(
      (id) => ({ kind: 'findNearest', id, cacheFolder, pool, name, count }),
      (message, resolve) => {
        if (message.kind === 'nearestFound') resolve(message.found);
      },
    );
  }

  close(): void {
    clearTimeout(this.#idleTimer);
    this.#worker?.kill();
  }

  #ask<Result>(
    request: (id: number) => WorkerRequest,
    take: (message: WorkerMessage, resolve: (result: Result) => void) => void,
  ): Promise<Result> {
    const id = this.#nextId++;
    const answered = new Promise<Result>((resolve, reject) => {
      this.#pending.set(id, { onMessage: (message) => take(message, resolve), onFailure: reject });
    });
    clearTimeout(this.#idleTimer);
    this.#start().send(request(id));
    return answered.finally(() => {
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#waitIdle();
    });
  }

  #waitIdle(): void {
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => this.#worker?.kill(), idleMs);
    this.#idleTimer.unref();
  }

  #start(): WorkerHandle {
    if (this.#worker !== undefined) return this.#worker;
    const worker = startWorker({
      launcher: this.#context.launcher,
      onMessage: (message) => this.#take(message),
      onErrorOutput: (text) => this.#context.log.write('info', 'evaluation output', { text }),
    });
    this.#worker = worker;
    const startId = this.#nextId++;
    // A backend that cannot be loaded fails every request: none of them can be answered.
    this.#pending.set(startId, {
      onMessage: (message) => void (message.kind === 'started' && this.#pending.delete(startId)),
      onFailure: (error) => {
        this.#failAll(error);
        worker.kill();
      },
    });
    worker.send({ kind: 'start', id: startId, backend: this.#context.setup.backend });
    void worker.exited.then((exit) => {
      if (this.#worker === worker) this.#worker = undefined;
      const detail = exit.errorOutput.trim().split('\n').at(-1) || '–';
      const how = `${exit.how}${exit.signal === null ? '' : ` ${exit.signal}`}`;
      this.#failAll(new TunebenchError('worker.ended', { how, detail }));
    });
    return worker;
  }

  #failAll(error: Error): void {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const each of pending) each.onFailure(error);
  }

  #take(message: WorkerMessage): void {
    if (message.kind === 'runEvent' || message.kind === 'awaitsLog') return;
    const pending = this.#pending.get(message.id);
    if (message.kind === 'failed') pending?.onFailure(errorFromProblems(message.problems));
    else pending?.onMessage(message);
  }
}
