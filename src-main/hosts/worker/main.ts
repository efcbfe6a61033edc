/** The engine's process: one per training run, one for trying and exporting models. It ends when its host goes away. */
import { connectToHost } from '../../platform/index.ts';
import { EngineWorker } from './engineWorker.ts';

// Ctrl-C reaches every process of a terminal; the host decides what it means and tells this one.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

const worker = new EngineWorker((message) => channel.send(message));
const channel = connectToHost((request) => worker.take(request));
