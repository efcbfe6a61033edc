import { TunebenchError } from '../../contract/errors/index.ts';
import type { RunDetail } from '../../contract/runs.ts';
import { type RunSamples, sayAnswer } from '../../contract/samples.ts';
import type { Store } from '../../store/store.ts';

/** Notes that say why a run has no samples, or no more of them. */
const reasons: readonly string[] = ['run.nothingToSample', 'run.samplesFailed'];

/** Of those that there are, in place of one that there is not. */
const stepsNamed = 5;

/**
 * What a run's model made of the sampled rows at a step, or at the newest.
 * @throws TunebenchError `run.noSamplesAt`
 */
export function readSamples(store: Store, run: RunDetail, wanted?: number): RunSamples {
  const steps = store.samples.steps(run.id);
  const noted = store.events
    .apartFromSteps(run.id)
    .findLast(({ body }) => body.event === 'noted' && reasons.includes(body.problem.code));
  const problem = noted?.body.event === 'noted' ? noted.body.problem : null;
  const step = wanted ?? steps.at(-1);
  if (step === undefined) return { steps, step: null, samples: [], problem };
  const samples = store.samples.at(run.id, step);
  if (samples === undefined) {
    const nearest = steps.toSorted((a, b) => Math.abs(a - step) - Math.abs(b - step)).slice(0, stepsNamed);
    const known = nearest.toSorted((a, b) => a - b).join(', ') || '–';
    throw new TunebenchError('run.noSamplesAt', { name: run.name, step, known });
  }
  const before = steps.findLast((each) => each < step);
  const earlier = before === undefined ? [] : (store.samples.at(run.id, before) ?? []);
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
