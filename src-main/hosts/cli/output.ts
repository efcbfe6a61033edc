import { describeProblems, problemsOf } from '../problems.ts';

export { bytesText as formatBytes } from '../../contract/bytesText.ts';

/** A share between 0 and 1. */
export const formatPercent = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** What a verb prints: sentences and tables for people, or JSON lines for programs. Problems go to the error output. */
export class Output {
  readonly json: boolean;

  constructor(json: boolean) {
    this.json = json;
  }

  /** A line for people; nothing in JSON mode. */
  line(text: string): void {
    if (!this.json) process.stdout.write(`${text}\n`);
  }

  /** One JSON line; nothing for people. */
  event(event: Readonly<Record<string, unknown>>): void {
    if (this.json) process.stdout.write(`${JSON.stringify(event)}\n`);
  }

  /** A result: JSON as it is, or the lines made from it. */
  result(value: unknown, lines: () => readonly string[]): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value)}\n`);
    else for (const line of lines()) process.stdout.write(`${line}\n`);
  }

  /** Says what went wrong, in sentences on the error output and, in JSON mode, as a JSON line too. */
  fail(error: unknown): void {
    const problems = problemsOf(error);
    this.event({ event: 'error', problems });
    process.stderr.write(`${describeProblems(problems)}\n`);
  }
}

/** Cells in columns as wide as their widest, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell))))
      .join('  ')
      .trimEnd(),
  );
}

/** Columns a text takes on a terminal: Korean and other wide characters take two. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

/** A duration as `1 h 02 min`, `3 min 20 s` or `12 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const pad = (value: number) => String(value).padStart(2, '0');
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${pad(Math.floor(seconds / 60) % 60)} min`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  return `${seconds} s`;
}
