/** The workbench from the terminal: `tunebench <verb>`. */
import { CommanderError } from 'commander';
import { Output } from './output.ts';
import { createProgram } from './program.ts';

try {
  await createProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has already printed its sentence, or the help that was asked for.
    process.exitCode = error.exitCode;
  } else {
    new Output(process.argv.includes('--json')).fail(error);
    process.exitCode = 1;
  }
}
