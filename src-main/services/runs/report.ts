import { type SvgLine, drawChart, inheritedDash } from '../../contract/chartSvg.ts';
import { escapeHtml, markdownHtml } from './markdown.ts';
import type { RunCard } from '../../contract/runCard.ts';
import type { RunDetail, Series } from '../../contract/runs.ts';
import { type RunSamples, sayAnswer, sayAsked } from '../../contract/samples.ts';
import type { SteeringChange } from '../../contract/steering.ts';
import { type Language, shortenText } from '../../contract/text.ts';

const texts = {
  report: { en: 'Run report', ko: '실행 보고서' },
  summary: { en: 'Summary', ko: '요약' },
  status: { en: 'Status', ko: '상태' },
  method: { en: 'Method', ko: '방법' },
  model: { en: 'Model', ko: '모델' },
  data: { en: 'Data', ko: '데이터' },
  synthetic: { en: 'Rows written by a model', ko: '모델이 쓴 행' },
  started: { en: 'Created', ko: '만든 때' },
  steps: { en: 'Steps', ko: '단계' },
  parameters: { en: 'Trainable parameters', ko: '학습 파라미터' },
  speed: { en: 'Rows per second', ko: '초당 행 수' },
  memory: { en: 'Peak memory', ko: '최대 메모리' },
  results: { en: 'Results', ko: '결과' },
  metric: { en: 'Metric', ko: '지표' },
  value: { en: 'Value', ko: '값' },
  curves: { en: 'Curves', ko: '곡선' },
  step: { en: 'Step', ko: '단계' },
  samples: { en: 'Samples while it learned', ko: '학습 중 샘플' },
  asked: { en: 'Input', ko: '입력' },
  expected: { en: 'Expected', ko: '정답' },
  untrained: { en: 'Before training', ko: '학습 전' },
  changes: { en: 'Changed on the way', ko: '도중에 바꾼 것' },
  settings: { en: 'Settings', ko: '설정' },
  notes: { en: 'Notes', ko: '메모' },
  repeat: { en: 'To repeat it: the run card', ko: '재현하려면: 실행 카드' },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export interface ReportMaterial {
  readonly run: RunDetail;
  readonly card: RunCard;
  readonly series: readonly Series[];
  /** Of the first and the last sampled step, which may be one; none where no samples were taken. */
  readonly samples: readonly RunSamples[];
}

type Row = readonly string[];
interface Report {
  readonly title: string;
  readonly sections: readonly (
    | { readonly title: string; readonly heads?: Row; readonly rows: readonly Row[] }
    | { readonly title: string; readonly drawings: readonly string[] }
    | { readonly title: string; readonly markdown: string }
    | { readonly title: string; readonly json: string }
  )[];
}

const looks = { train: '#4353d6', validation: '#c2570c', test: '#0f766e' } as const;
const shortNumber = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));

function chartsOf({ series }: ReportMaterial, language: Language): string[] {
  const metrics = [...new Set(series.map(({ metric }) => metric.split('.').slice(1).join('.')))];
  return metrics.map((name) => {
    const lines = (['train', 'validation'] as const).flatMap((split): SvgLine[] => {
      const found = series.filter(({ metric, points }) => metric === `${split}.${name}` && points.length > 0);
      return found.map(({ points, inheritedFrom }) => ({
        label: inheritedFrom ? `${split} (${inheritedFrom.name})` : split,
        colour: looks[split],
        dash: inheritedFrom ? inheritedDash : split === 'train' ? [] : [6, 3],
        points: points.map(({ step, last, minimum, maximum }) => ({
          x: step,
          y: last,
          ...(minimum < maximum ? { low: minimum, high: maximum } : {}),
        })),
      }));
    });
    return drawChart({ title: name, xTitle: texts.step[language], lines });
  });
}

function changeText(change: SteeringChange): string {
  const { kind, ...values } = change;
  return [kind, ...Object.values(values).map(String)].join(' ');
}

function settingRows(card: RunCard): Row[] {
  const groups = { ...card.config.method.options, ...card.config.training, ...card.config.objective };
  return Object.entries(groups).map(([name, value]): Row => [
    name,
    Array.isArray(value) ? value.join(', ') : String(value),
  ]);
}

/** How much of what was trained on a model wrote; nothing where people wrote everything. */
function syntheticRows({ dataset }: RunCard, language: Language): Row[] {
  const { syntheticBySplit, rowsBySplit } = dataset;
  if (syntheticBySplit === undefined || rowsBySplit === null) return [];
  const shares = Object.entries(syntheticBySplit).flatMap(([split, count]) => {
    const all = rowsBySplit[split] ?? 0;
    return count === 0
      ? []
      : [`${split} ${count} / ${all} (${shortNumber((count / Math.max(1, all)) * 100)} %)`];
  });
  return [[texts.synthetic[language], shares.join(', ')]];
}

/** Characters of an input that are shown. */
const longestInput = 300;

/** What the model made of the sampled rows at first and at last. */
function sampleSection({ samples }: ReportMaterial, language: Language): Report['sections'] {
  const [first] = samples;
  if (first === undefined || first.samples.length === 0) return [];
  const say = (name: keyof typeof texts) => texts[name][language];
  const mark = (right: boolean | null) => (right === null ? '' : right ? ' ✓' : ' ✗');
  const rows = first.samples.map(({ row }, place): Row => {
    return [
      shortenText(sayAsked(row.asked), longestInput),
      row.expected ?? '–',
      ...samples.map(({ samples: own }) =>
        own[place] ? `${sayAnswer(own[place].answer)}${mark(own[place].right)}` : '–',
      ),
    ];
  });
  const steps = samples.map(({ step }) => (step === 0 ? say('untrained') : `${say('step')} ${step ?? '–'}`));
  return [{ title: say('samples'), heads: [say('asked'), say('expected'), ...steps], rows }];
}

function composeReport(material: ReportMaterial, language: Language): Report {
  const { run, card } = material;
  const say = (name: keyof typeof texts) => texts[name][language];
  const megabytes = run.peakMemoryBytes === null ? '–' : `${Math.round(run.peakMemoryBytes / 1e6)} MB`;
  const facts: Row[] = [
    [say('status'), run.status],
    [say('method'), run.methodId],
    [say('model'), `${run.modelName} (${run.modelHash.slice(0, 12)})`],
    [say('data'), `${run.datasetName} (${run.datasetHash.slice(0, 12)})`],
    ...syntheticRows(card, language),
    [say('started'), run.createdAt],
    [say('steps'), `${run.step} / ${run.totalSteps ?? '–'}`],
    [say('parameters'), `${run.trainableParameters ?? '–'} / ${run.totalParameters ?? '–'}`],
    [say('speed'), run.rowsPerSecond === null ? '–' : shortNumber(run.rowsPerSecond)],
    [say('memory'), megabytes],
  ];
  const results = Object.entries(run.metrics).map(([name, value]): Row => [name, shortNumber(value)]);
  const changes = card.steering.map(({ step, change }): Row => [String(step), changeText(change)]);
  return {
    title: run.name,
    sections: [
      { title: say('summary'), rows: facts },
      { title: say('results'), rows: results },
      { title: say('curves'), drawings: chartsOf(material, language) },
      ...sampleSection(material, language),
      ...(changes.length > 0 ? [{ title: say('changes'), rows: changes }] : []),
      { title: say('settings'), rows: settingRows(card) },
      ...(run.notes.trim() === '' ? [] : [{ title: say('notes'), markdown: run.notes }]),
      { title: say('repeat'), json: JSON.stringify(card, null, 2) },
    ],
  };
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ');

/** Levels of the report's own headings, below which those of the notes stand. */
const headingsAbove = 2;

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#111827}
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #e5e7eb}
table{border-collapse:collapse}td{padding:.2rem 1.2rem .2rem 0;vertical-align:top}td:first-child{color:#4b5563}
blockquote{margin:0;padding-left:1rem;border-left:3px solid #e5e7eb;color:#4b5563}th{text-align:left;padding-right:1.2rem}
pre{background:#f3f4f6;padding:1rem;overflow:auto;font-size:12px;white-space:pre-wrap}svg{max-width:100%;height:auto}`;

/** The report as one page without scripts or outer files. */
export function htmlReport(material: ReportMaterial, language: Language): string {
  const { title, sections } = composeReport(material, language);
  const bodies = sections.map((section) => {
    const head = `<h2>${escapeHtml(section.title)}</h2>`;
    if ('drawings' in section) return `${head}\n${section.drawings.join('\n')}`;
    if ('markdown' in section) return `${head}\n${markdownHtml(section.markdown, headingsAbove)}`;
    if ('json' in section) return `${head}\n<pre>${escapeHtml(section.json)}</pre>`;
    const line = (tag: 'th' | 'td', cells: Row) =>
      `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
    const rows = section.rows.map((cells) => line('td', cells));
    return `${head}\n<table>${section.heads ? line('th', section.heads) : ''}${rows.join('')}</table>`;
  });
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    `<title>${escapeHtml(title)}</title><style>${style}</style></head><body>`,
    `<p>${texts.report[language]} · Tunebench</p><h1>${escapeHtml(title)}</h1>`,
    ...bodies,
    '</body></html>\n',
  ].join('\n');
}

/** The report as Markdown; its charts are inline SVG, which most readers of Markdown show. */
export function markdownReport(material: ReportMaterial, language: Language): string {
  const { title, sections } = composeReport(material, language);
  const bodies = sections.map((section) => {
    const head = `## ${section.title}`;
    if ('drawings' in section) return `${head}\n\n${section.drawings.join('\n\n')}`;
    if ('markdown' in section) return `${head}\n\n${section.markdown}`;
    if ('json' in section) return `${head}\n\n\`\`\`json\n${section.json}\n\`\`\``;
    const line = (cells: Row) => `| ${cells.map(escapeCell).join(' | ')} |`;
    const heads = section.heads ?? [texts.metric[language], texts.value[language]];
    const rows = [heads, heads.map(() => '---'), ...section.rows];
    return `${head}\n\n${rows.map(line).join('\n')}`;
  });
  return `# ${title.replaceAll('\n', ' ')}\n\n${bodies.join('\n\n')}\n`;
}
