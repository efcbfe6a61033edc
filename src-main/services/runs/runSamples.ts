import { type Problem, TunebenchError } from '../../contract/errors/index.ts';
import type { RunDetail } from '../../contract/runs.ts';
import { type RunSamples, sayAnswer } from '../../contract/samples.ts';
import type { Store } from '../../store/store.ts';
import { inheritances } from './curves.ts';

/** Notes that say why a run has no samples, or no more of them. */
const reasons: readonly string[] = ['run.nothingToSample', 'run.samplesFailed'];

/** Of the newest start: what was in the way before may not be any more. */
function reasonOf(store: Store, runId: string): Problem | null {
  const bodies = store.events.apartFromSteps(runId).map(({ body }) => body);
  const since = bodies.slice(bodies.findLastIndex(({ event }) => event === 'started') + 1);
  const noted = since.flatMap((body) => (body.event === 'noted' ? [body.problem] : []));
  return noted.findLast(({ code }) => reasons.includes(code)) ?? null;
}

/** Of those that there are, in place of one that there is not. */
const stepsNamed = 5;

/** Whose log holds each sampled step: the run's own, or that of one it was forked from. */
function stepsOf(store: Store, runId: string): Map<number, string> {
  const inherited = inheritances(store, runId).flatMap(({ runId: from, toStep }) =>
    store.samples.steps(from).flatMap((step) => (step <= toStep ? [[step, from] as const] : [])),
  );
  const own = store.samples.steps(runId).map((step) => [step, runId] as const);
  return new Map([...inherited, ...own].sort(([a], [b]) => a - b));
}

/**
 * What a run's model made of the sampled rows at a step, or at the newest.
 * @throws TunebenchError `run.noSamplesAt`
 */
export function readSamples(store: Store, run: RunDetail, wanted?: number): RunSamples {
  const places = stepsOf(store, run.id);
  const steps = [...places.keys()];
  const at = (step: number) => store.samples.at(places.get(step) ?? run.id, step);
  const problem = reasonOf(store, run.id);
  const step = wanted ?? steps.at(-1);
  if (step === undefined) return { steps, step: null, samples: [], problem };
  const samples = at(step);
  if (samples === undefined) {
    const nearest = steps.toSorted((a, b) => Math.abs(a - step) - Math.abs(b - step)).slice(0, stepsNamed);
    const known = nearest.toSorted((a, b) => a - b).join(', ') || '–';
    throw new TunebenchError('run.noSamplesAt', { name: run.name, step, known });
  }
  const before = steps.findLast((each) => each < step);
  const earlier = before === undefined ? [] : (at(before) ?? []);
  return {
    steps,
    step,
    samples: samples.map((sample, place) => {
      const previous = earlier[place] && sayAnswer(earlier[place].answer);
      const isSame = previous === undefined || previous === sayAnswer(sample.answer);
      return { ...sample, before: isSame ? null : previous };
    }),
    problem,
  };
}
