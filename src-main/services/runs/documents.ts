import type { RunDocument } from '../../contract/runCard.ts';
import type { RunDetail } from '../../contract/runs.ts';
import type { Language } from '../../contract/text.ts';
import type { ServiceContext } from '../context.ts';
import { readCurves } from './curves.ts';
import { htmlReport, markdownReport } from './report.ts';
import { makeRunCard } from './runCard.ts';
import { readSamples } from './runSamples.ts';

const pointsDrawn = 500;
/** Curves of a report: what was learned, not how fast. */
const drawn = /^(train|validation)\.(loss|accuracy|macroF1|f1|perplexity|learningRate)$/;

/** A run as a text: the card that repeats it, or a report to be read. */
export function writeDocument(
  context: ServiceContext,
  run: RunDetail,
  document: RunDocument,
  language: Language,
): { name: string; mediaType: string; text: string } {
  const card = makeRunCard(context, run);
  // Names of runs are free; a file's are not everywhere.
  const name =
    run.name
      .replaceAll(/[^\p{L}\p{N}._ -]+/gu, '-')
      .slice(0, 80)
      .trim() || run.id;
  if (document === 'card') {
    const text = `${JSON.stringify(card, null, 2)}\n`;
    return { name: `${name}.run.json`, mediaType: 'application/json', text };
  }
  const metrics = context.store.metrics.names(run.id).filter((metric) => drawn.test(metric));
  const query = { runId: run.id, metrics, maximumPoints: pointsDrawn };
  const series = [...readCurves(context.store, query)];
  const newest = readSamples(context.store, run);
  const [first] = newest.steps;
  const samples = newest.steps.length > 1 ? [readSamples(context.store, run, first), newest] : [newest];
  const material = { run, card, series, samples };
  return document === 'html'
    ? { name: `${name}.html`, mediaType: 'text/html', text: htmlReport(material, language) }
    : { name: `${name}.md`, mediaType: 'text/markdown', text: markdownReport(material, language) };
}
