import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type CurvePoint, type RunEvidence, adviseOnRun } from '../../../../src-main/tuning/index.ts';
import { type CurveCase, curveCases } from './cases.ts';

const pointsSchema = z.array(z.tuple([z.number(), z.number()]));
const recordedSchema = z.object({
  training: z.record(z.string(), z.union([z.number(), z.string()])),
  trainRows: z.number(),
  totalSteps: z.number(),
  stepsPerEpoch: z.number(),
  failure: z.string().nullable(),
  series: z.record(z.string(), pointsSchema),
  methodId: z.string(),
  texts: z.record(z.string(), z.number()),
  watch: z.object({ metric: z.string(), now: z.number() }).optional(),
  confusion: z.array(z.array(z.number())).nullable(),
});

/** A recorded run as the coach gets it. */
export function evidenceOf(name: string): RunEvidence {
  const text = readFileSync(new URL(`curves/${name}.json`, import.meta.url), 'utf8');
  const recorded = recordedSchema.parse(JSON.parse(text));
  const number = (key: string) => Number(recorded.training[key] ?? NaN);
  const curve = (metric: string): CurvePoint[] =>
    (recorded.series[metric] ?? []).map(([step, value]) => ({ step, value }));
  return {
    training: {
      learningRate: number('learningRate'),
      epochs: number('epochs'),
      batchSize: number('batchSize'),
      accumulation: 1,
    },
    method: { changesModel: recorded.methodId === 'full' },
    texts: recorded.texts,
    watch: recorded.watch
      ? {
          ...recorded.watch,
          better: recorded.watch.metric === 'loss' ? 'lower' : 'higher',
          points: curve(`watch.${recorded.watch.metric}`),
        }
      : null,
    readsPlainText: false,
    plainTextTask: null,
    trainRows: recorded.trainRows,
    labels: (recorded.confusion ?? []).map((_, index) => `class ${index}`),
    stepsPerEpoch: recorded.stepsPerEpoch,
    finished: recorded.failure === null,
    failureCode: recorded.failure,
    trainLoss: curve('train.loss'),
    validationLoss: curve('validation.loss'),
    confusion: recorded.confusion,
  };
}

/** What the coach says of a recorded run, by the names of its rules. */
export function findingsOf({ name }: CurveCase): string[] {
  return adviseOnRun(evidenceOf(name)).map(({ finding }) => finding.code.replace('coach.', ''));
}

/** The table of docs/coach.md, a line each. */
export function tableLines(): string[] {
  return [
    '| Recorded run | Put in on purpose | The coach says |',
    '| --- | --- | --- |',
    ...curveCases.map(
      (curve) => `| ${curve.name} | ${curve.cause} | ${findingsOf(curve).join(', ') || 'nothing'} |`,
    ),
  ];
}
