export { adviseOnRun } from './coach/coach.ts';
export type { CurvePoint, RunEvidence } from './coach/evidence.ts';
export { measureDimension } from './intrinsicDimension.ts';
export { type Contender, type DecidingMetric, judge, rank } from './verdict.ts';
