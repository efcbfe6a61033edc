import type { RunEventBody } from '../../../contract/events.ts';
import type { ScalarEvent } from './eventFile.ts';

/** What an event of a run says in numbers, under TensorBoard's `split/metric`; most say nothing. */
export function scalarsOf(body: RunEventBody, at: string): ScalarEvent[] {
  if (body.event !== 'stepped' && body.event !== 'evaluated') return [];
  const split = body.event === 'stepped' ? 'train' : body.split;
  const wallTime = Date.parse(at) / 1000;
  return Object.entries(body.metrics).map(([name, value]) => ({
    tag: `${split}/${name}`,
    step: body.step,
    wallTime,
    value,
  }));
}
