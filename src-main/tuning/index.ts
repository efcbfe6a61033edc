export { adviseOnRun } from './coach/coach.ts';
export type { CurvePoint, RunEvidence } from './coach/evidence.ts';
