/** A folder inside the data folder, named after the run; with the separator that the data folder uses. */
export function suggestExportFolder(dataFolder: string, runName: string, form: string): string {
  if (dataFolder === '') return '';
  const separator = dataFolder.includes('\\') ? '\\' : '/';
  const name = runName.replace(/[^\p{Letter}\p{Number}]+/gu, '-').replace(/^-+|-+$/g, '') || 'run';
  return [dataFolder.replace(/[\\/]+$/, ''), 'exports', `${name}-${form}`].join(separator);
}
