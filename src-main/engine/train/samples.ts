import type { Split } from '../../contract/datasets.ts';
import { describeProblem } from '../../contract/errors/index.ts';
import type { RowContent } from '../../contract/methods.ts';
import { type Answer, type Sample, writtenTokens } from '../../contract/samples.ts';
import { shortenText } from '../../contract/text.ts';
import type { DataRow } from '../data/examples.ts';
import { namedStream, shuffledOrder } from '../data/random.ts';
import { generateTexts } from '../generate/decode.ts';
import { greedily } from '../generate/sampling.ts';
import type { OpenObjective } from '../objectives/objective.ts';
import type { Posed } from '../objectives/posing.ts';
import type { LoopSetup } from './loop.ts';
import type { TrainingOptions } from './options.ts';

// The same few rows again and again while a model learns: what it makes of them says more than a loss.

/** Rows tried at most for as many questions as are wanted, with different labels where there are labels. */
const triedRows = 400;
/** Characters kept of a text. */
const longestText = 2_000;
/** What a large model cannot write in this time stays unwritten: a run is for learning. */
const longestWritingMs = 15_000;
/** Labels and stretches kept of a prediction. */
const mostKept = 12;

/** A row that is asked, and where it is from. */
export interface SampledQuestion {
  readonly split: Split;
  readonly posed: Posed;
}

function chooseFrom(
  rows: readonly DataRow[],
  objective: OpenObjective,
  { sampleRows, seed }: Pick<TrainingOptions, 'sampleRows' | 'seed'>,
  hasLabels: boolean,
): SampledQuestion[] {
  const order = shuffledOrder(rows.length, namedStream(seed, 'sampled rows')).subarray(0, triedRows);
  const seen = new Set<string | null>();
  const first: { place: number; question: SampledQuestion }[] = [];
  const others: typeof first = [];
  for (const place of order) {
    if (first.length === sampleRows) break;
    const row = rows[place];
    const posed = row && objective.pose(row);
    if (!row || !posed) continue;
    const isAgain = hasLabels && seen.has(posed.expected);
    seen.add(posed.expected);
    (isAgain ? others : first).push({ place, question: { split: row.split, posed } });
  }
  const chosen = [...first, ...others].slice(0, sampleRows);
  return chosen.sort((a, b) => a.place - b.place).map(({ question }) => question);
}

/**
 * The rows a run is asked about: held out where there are such, drawn by the run's seed, with as many different labels as
 * can be.
 */
export function chooseQuestions(
  rows: Readonly<Record<'train' | 'validation', readonly DataRow[]>>,
  objective: OpenObjective,
  options: Pick<TrainingOptions, 'sampleRows' | 'seed'>,
  hasLabels: boolean,
): readonly SampledQuestion[] {
  if (options.sampleRows === 0) return [];
  const heldOut = chooseFrom(rows.validation, objective, options, hasLabels);
  return heldOut.length > 0 ? heldOut : chooseFrom(rows.train, objective, options, hasLabels);
}

const shorten = (text: string): string => shortenText(text, longestText);

function shortenParts(asked: RowContent): RowContent {
  return Object.fromEntries(Object.entries(asked).map(([part, text]) => [part, shorten(text)]));
}

/** What is worth keeping of an answer. */
function condense(answer: Answer): Answer {
  switch (answer.form) {
    case 'labels': {
      const { labels, threshold } = answer;
      return { ...answer, labels: labels.slice(0, threshold === undefined ? 3 : mostKept) };
    }
    case 'spans':
      return { ...answer, spans: answer.spans.filter(({ end }) => end <= longestText).slice(0, mostKept) };
    case 'answer':
      return {
        ...answer,
        answers: answer.answers.slice(0, 1).map((each) => ({ ...each, text: shorten(each.text) })),
      };
    case 'fills':
      return { ...answer, fills: answer.fills.map(({ tokens }) => ({ tokens: tokens.slice(0, 3) })) };
    case 'text':
      return { ...answer, text: shorten(answer.text) };
    case 'number':
    case 'similarity':
      return answer;
    default:
      return answer satisfies never;
  }
}

type Yield = () => Promise<void>;

/** Writes an answer to each prompt, always the likeliest token; null where the run is told to stop meanwhile. */
async function write(
  { model, place, control, tokenizer }: LoopSetup,
  prompts: readonly (readonly number[])[],
  yieldNow: Yield,
): Promise<Answer[] | null> {
  const texts = prompts.map(() => '');
  const options = greedily(writtenTokens);
  const startMs = performance.now();
  for (const pieces of generateTexts({ model, backend: place.backend, tokenizer, prompts, options })) {
    pieces.forEach((piece, row) => (texts[row] += piece));
    await yieldNow();
    if (control.stopRequested) return null;
    if (performance.now() - startMs > longestWritingMs) break;
  }
  return texts.map((text) => ({ form: 'text', text }));
}

async function ask(setup: LoopSetup, yieldNow: Yield): Promise<readonly Answer[] | null> {
  const { model, objective, place, questions } = setup;
  const prompts = questions.flatMap(({ posed }) => ('prompt' in posed ? [posed.prompt] : []));
  if (prompts.length > 0) return write(setup, prompts, yieldNow);
  const reads = questions.flatMap(({ posed }) => ('reads' in posed ? [posed.reads] : []));
  // Computed apart: what is remembered of frozen layers is for the batches of training.
  return (
    objective.predict?.(model, reads, { backend: place.backend, padId: place.padId, packs: false }) ?? []
  );
}

/** The steps named by the settings, those of evaluations where they name none, and the first and last. */
function isDue({ options, plan, position, questions }: LoopSetup): boolean {
  const { step, sampledStep, evaluatedStep } = position;
  if (questions.length === 0 || sampledStep === step) return false;
  if (step === 0 || step === plan.totalSteps) return true;
  if (options.sampleEverySteps > 0) return step % options.sampleEverySteps === 0;
  return step === evaluatedStep || step % (options.evaluateEverySteps || plan.stepsPerEpoch) === 0;
}

/**
 * Asks the model the sampled rows where that is due, and tells what it says. Nothing else changes: no random number is
 * drawn, no tensor stays. A model that cannot be asked is no reason to end a run.
 */
export async function takeSamples(setup: LoopSetup, yieldNow: Yield): Promise<void> {
  if (!isDue(setup)) return;
  const { position, questions, observer } = setup;
  const { step } = position;
  try {
    const answers = await ask(setup, yieldNow);
    if (answers === null) return;
    const samples = questions.flatMap(({ split, posed }, index): Sample[] => {
      const answer = answers[index];
      if (answer === undefined) return [];
      const { expected } = posed;
      const row = { split, asked: shortenParts(posed.asked), expected: expected && shorten(expected) };
      return [{ row, answer: condense(answer), right: posed.isRight(answer) }];
    });
    position.sampledStep = step;
    observer.tell({ event: 'sampled', step, samples });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    setup.questions = [];
    observer.tell({ event: 'noted', problem: describeProblem('run.samplesFailed', { step, detail }) });
  }
}
