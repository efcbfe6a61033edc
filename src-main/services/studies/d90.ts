import type { BakeOffResult, StartedBakeOff } from '../../contract/bakeOff.ts';
import type { D90Request, D90Result } from '../../contract/studies.ts';
import { measureDimension } from '../../tuning/index.ts';
import type { createBakeOffService } from '../bakeOff/bakeOff.ts';

type BakeOffService = ReturnType<typeof createBakeOffService>;

/** A row's quality with its dimension, where it is one of the study's. */
function pointOf({ methodId, options, quality }: BakeOffResult['rows'][number]) {
  const { dimension } = options;
  if (methodId !== 'intrinsicDimension' || typeof dimension !== 'number' || quality === null) return [];
  return [{ dimension, value: quality.mean }];
}

/** Measurements made of ordinary runs. */
export function createStudiesService(bakeOff: BakeOffService) {
  return {
    /** Queues full fine-tuning and each dimension, with every seed. Dimensions too small for the model are left out. */
    startD90({
      dimensions,
      form,
      fullLearningRate,
      learningRate,
      ...request
    }: D90Request): Promise<StartedBakeOff> {
      const rate = (value: number | undefined) => (value === undefined ? {} : { learningRate: value });
      return bakeOff.start({
        ...request,
        methods: [
          { id: 'full', options: {}, ...rate(fullLearningRate) },
          ...[...new Set(dimensions)].map((dimension) => ({
            id: 'intrinsicDimension',
            options: { dimension, form },
            ...rate(learningRate),
          })),
        ],
      });
    },

    /** @throws TunebenchError `bakeOff.notFound` */
    d90(group: string): D90Result {
      const { modelName, datasetName, metric, rows, runs, finishedRuns } = bakeOff.get(group);
      const full = rows.find(({ methodId }) => methodId === 'full')?.quality?.mean ?? null;
      const points = rows.flatMap(pointOf);
      const measured =
        full === null || metric === null
          ? { points: [], d90: null }
          : measureDimension(full, points, metric.better);
      return {
        ...{ group, modelName, datasetName, metric, runs, finishedRuns, full },
        points: [...measured.points],
        d90: measured.d90,
      };
    },
  };
}
