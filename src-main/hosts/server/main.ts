/** The workbench as a web server on this machine: `main.ts [--port N] [--listen ADDRESS] [--json]`. */
import { parseArgs } from 'node:util';
import { writeProblems } from '../problems.ts';
import { parseAddress, parsePort } from './flags.ts';
import { runServer } from './runServer.ts';

try {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      listen: { type: 'string', default: '127.0.0.1' },
      json: { type: 'boolean', default: false },
    },
  });
  await runServer({ port: parsePort(values.port), address: parseAddress(values.listen), json: values.json });
} catch (error) {
  writeProblems(error);
  process.exitCode = 1;
}
