import type { Advice } from '../../contract/coach.ts';
import type { RunEvidence } from './evidence.ts';

/** Looks for one thing in a run; null where it is not there, or too little is known yet. */
export type CoachRule = (evidence: RunEvidence) => Advice | null;
