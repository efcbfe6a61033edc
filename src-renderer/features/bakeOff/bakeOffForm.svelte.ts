import { SvelteMap, SvelteSet } from 'svelte/reactivity';
import type { BakeOffBudget, BakeOffEntry, BakeOffRequest } from '../../../src-main/contract/bakeOff.ts';
import { type Task, chooseTask } from '../../../src-main/contract/methods.ts';
import { router } from '../../app/router.svelte.ts';
import { library } from '../../app/state/library.svelte.ts';
import { client } from '../../rpc/client.ts';
import { Action, Resource } from '../../rpc/resource.svelte.ts';
import { currentChoices } from '../train/currentChoices.svelte.ts';
import { fitTasks } from '../train/eligibility.ts';
import { factsOfEntries, parsePositive, parseSeeds, sharedProblemsAt } from './methodFacts.ts';

const checkDelayMs = 300;

/** The state of the form that sets up a comparison of methods. */
export class BakeOffForm {
  readonly starting = new Action();
  readonly chosen = new SvelteSet<string>(['lora', 'bitfit', 'houlsby']);
  /** Learning rates as typed, where they differ from the usual ones. */
  readonly rates = new SvelteMap<string, string>();
  datasetId = $state<string | undefined>(undefined);
  modelId = $state<string | undefined>(undefined);
  watchDatasetId = $state<string | undefined>(undefined);
  wantedTask = $state<Task | undefined>(undefined);
  seeds = $state('0, 1, 2, 3');
  budgetKind = $state<BakeOffBudget['kind']>('epochs');
  amount = $state('3');
  batchSize = $state('16');

  /** What is chosen here, else what the project has chosen already. */
  readonly dataset = $derived(
    library.datasets.value?.find(({ id }) => id === this.datasetId) ?? currentChoices().dataset,
  );
  readonly model = $derived(
    library.models.value?.find(({ id }) => id === this.modelId) ?? currentChoices().model,
  );
  readonly objectives = $derived(library.methods.value?.objectives ?? []);
  readonly tasks = $derived(fitTasks(this.objectives, this.dataset, this.model).filter(({ fits }) => fits));
  readonly task = $derived(
    this.tasks.find(({ task }) => task === this.wantedTask)?.task ??
      chooseTask(this.objectives, this.dataset?.mapping.roles ?? {}, (task) =>
        this.tasks.some((fit) => fit.task === task),
      ),
  );
  readonly methods = $derived(library.methods.value?.methods ?? []);
  readonly seedList = $derived(parseSeeds(this.seeds));
  readonly amountValue = $derived(parsePositive(this.amount));
  readonly batchValue = $derived(parsePositive(this.batchSize));
  /** Everything but the methods; undefined while something of it is missing. */
  readonly frame = $derived.by((): Omit<BakeOffRequest, 'methods'> | undefined => {
    const { dataset, model, task, seedList, budget, batchValue, watchDatasetId } = this;
    if (!dataset || !model || !task || !seedList || !budget || batchValue === undefined) return undefined;
    const training = { batchSize: Math.round(batchValue) };
    return {
      modelId: model.id,
      datasetId: dataset.id,
      task,
      objective: {},
      watchDatasetId,
      seeds: seedList,
      budget,
      training,
    };
  });
  readonly check = new Resource<BakeOffEntry[]>(async () =>
    this.frame
      ? client.bakeOff.check({ ...this.frame, methods: this.methods.map(({ id }) => this.methodOf(id)) })
      : [],
  );
  /** What is wrong with what is to be watched for every method alike: its field says it. */
  readonly watchProblems = $derived(sharedProblemsAt(this.check.value ?? [], 'watchDatasetId'));
  readonly facts = $derived(factsOfEntries(this.methods, this.check.value ?? [], this.watchProblems));
  /** Chosen methods that can take part. */
  readonly entering = $derived(
    this.facts.filter(({ method, problems }) => this.chosen.has(method.id) && problems.length === 0),
  );
  readonly ratesAreRight = $derived(
    this.entering.every(
      ({ method }) => parsePositive(this.rateOf(method.id, method.traits.learningRate)) !== undefined,
    ),
  );
  readonly canStart = $derived(
    this.frame !== undefined &&
      this.entering.length > 0 &&
      this.ratesAreRight &&
      this.watchProblems.length === 0,
  );
  readonly runCount = $derived(this.entering.length * (this.seedList?.length ?? 0));

  get budget(): BakeOffBudget | undefined {
    const amount = this.amountValue;
    if (amount === undefined) return undefined;
    switch (this.budgetKind) {
      case 'epochs':
        return { kind: 'epochs', epochs: amount };
      case 'steps':
        return { kind: 'steps', steps: Math.max(1, Math.round(amount)) };
      case 'minutes':
        return { kind: 'minutes', minutes: amount };
      default:
        return this.budgetKind satisfies never;
    }
  }

  rateOf(id: string, usual: number): string {
    return this.rates.get(id) ?? String(usual);
  }

  methodOf(id: string): BakeOffRequest['methods'][number] {
    const learningRate = parsePositive(this.rates.get(id) ?? '');
    return { id, options: {}, ...(learningRate === undefined ? {} : { learningRate }) };
  }

  /** Asks for a new check a moment after the last change; call from an effect. */
  scheduleCheck(): () => void {
    void JSON.stringify(this.frame);
    void this.methods;
    this.starting.clear();
    const timer = setTimeout(() => void this.check.reload(), checkDelayMs);
    return () => clearTimeout(timer);
  }

  async start(): Promise<void> {
    const { frame } = this;
    if (!frame) return;
    const goOn = router.onward();
    const methods = this.entering.map(({ method }) => this.methodOf(method.id));
    await this.starting.run(async () => {
      const { group } = await client.bakeOff.start({ ...frame, methods });
      await library.runs.reload();
      goOn({ page: 'bakeOffResult', group });
    });
  }
}
