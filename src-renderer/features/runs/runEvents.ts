import type { RunEventBody } from '../../../src-main/contract/events.ts';
import type { RunStatus } from '../../../src-main/contract/runs.ts';

/** The state a run is in after this event; undefined when the event changes nothing about it. */
export function statusAfter(body: RunEventBody): RunStatus | undefined {
  switch (body.event) {
    case 'queued':
      return 'queued';
    case 'started':
      return 'preparing';
    case 'prepared':
    case 'stepped':
    case 'resumed':
      return 'running';
    case 'paused':
      return 'paused';
    case 'finished':
      return body.outcome;
    case 'interrupted':
      return 'interrupted';
    case 'failed':
      return 'failed';
    case 'textsMeasured':
    case 'evaluated':
    case 'sampled':
    case 'checkpointed':
    case 'steered':
    case 'noted':
      return undefined;
    default:
      return body satisfies never;
  }
}
