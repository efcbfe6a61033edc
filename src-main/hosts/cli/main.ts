/** The workbench from the terminal: `tunebench <verb>`. */
import { CommanderError } from 'commander';
import { Output } from './output.ts';
import { createProgram } from './program.ts';

// Whoever read our output has seen enough (`| head`): ending quietly is what every command does then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
  throw error;
});

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
