import { defineOptions } from '../../contract/options.ts';
import { scope } from '../autodiff/scope.ts';
import { isRecording, withoutGradient } from '../autodiff/tape.ts';
import type { Tensor } from '../autodiff/tensor.ts';
import { choosePromptWriter } from '../data/chatTemplate.ts';
import { type BatchPlace, collate } from '../data/collate.ts';
import { maskPrompt } from '../data/completionMask.ts';
import type { DataRow, Example } from '../data/examples.ts';
import { encodePrompt } from '../generate/prompts.ts';
import { type Model, type Pass, evaluationPass } from '../models/model.ts';
import { add, addScalar, filled, scale, slice } from '../ops/index.ts';
import { maximumLengthOption, promptFormatOption } from './commonOptions.ts';
import { gatherExamples } from './gatherExamples.ts';
import { countLabelled, selectLabelled, tokenTargets } from './labelledRows.ts';
import type { Objective, ObjectiveSetting, PreparedRows, Score } from './objective.ts';
import { posePrompt } from './posing.ts';
import { lossesOfTokens, weightedTokenLoss } from './tokenLoss.ts';

const options = defineOptions({
  maximumLength: maximumLengthOption(256),
  beta: {
    type: 'number',
    default: 0.1,
    above: 0,
    maximum: 10,
    scale: 'log',
    label: { en: 'Beta (β)', ko: '베타(β)' },
    help: {
      en: 'How firmly the model is held to what it was before: the larger, the less it moves away.',
      ko: '모델을 학습 전 모습에 얼마나 붙들어 두는지입니다. 클수록 덜 벗어납니다.',
    },
  },
  promptFormat: promptFormatOption,
});
type Setting = ObjectiveSetting<typeof options>;

/** The chosen answer, with the rejected one to the same prompt as its partner. */
function prepareRows(
  rows: readonly DataRow[],
  { tokenizer, options: { promptFormat, maximumLength } }: Setting,
): PreparedRows {
  const writer = choosePromptWriter(promptFormat, tokenizer);
  return gatherExamples(rows, ({ prompt = '', chosen = '', rejected = '' }) => {
    if (chosen.trim() === '' || rejected.trim() === '' || chosen === rejected) return [];
    const [better, worse] = [chosen, rejected].map((answer) =>
      maskPrompt(tokenizer, writer, prompt, answer, maximumLength),
    );
    if (!better || !worse || better.labelledTokens === 0 || worse.labelledTokens === 0) return [];
    const example = { ...better.example, partner: worse.example };
    return [{ example, truncated: better.truncated || worse.truncated }];
  });
}

function nextTokens(example: Example): readonly number[] {
  return tokenTargets(example).slice(1);
}

/** All chosen answers, then all rejected ones, through the model. */
function runAnswers(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass) {
  const answers = [...examples, ...examples.flatMap(({ partner }) => partner ?? [])];
  const batch = collate(place, answers);
  const { rows, targets } = selectLabelled(model.encode(batch, pass), batch, answers, nextTokens);
  const losses = withoutGradient(() => lossesOfTokens(model, rows, targets, pass));
  const counts = answers.map((answer) => countLabelled(nextTokens(answer)));
  let start = 0;
  const logProbabilities = counts.map((count) => {
    const own = losses.slice(start, start + count);
    start += count;
    return -own.reduce((sum, loss) => sum + loss, 0);
  });
  return { rows, targets, counts, logProbabilities };
}

/** log(1 + eˣ) without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

interface Rewards {
  readonly chosen: number;
  readonly rejected: number;
}

/** β·log(π / π₀) of both answers of each pair. */
function rewardsOf(
  examples: readonly Example[],
  logProbabilities: readonly number[],
  beta: number,
): Rewards[] {
  return examples.map(({ reference }, index) => {
    if (!reference) throw new Error('These examples were not run through the model before training.');
    const rewardOf = (place: number, before: number | undefined) =>
      beta * ((logProbabilities[place] ?? 0) - (before ?? 0));
    return {
      chosen: rewardOf(index, reference[0]),
      rejected: rewardOf(examples.length + index, reference[1]),
    };
  });
}

/**
 * Direct preference optimisation (https://arxiv.org/abs/2305.18290): the mean of −log σ(rewards' difference). Its gradient
 * is that of Σ ±wᵢ·(−log π), with wᵢ = β·σ(−difference) for the tokens of either answer, so that logits are computed some
 * rows at a time and never kept.
 */
function measure(model: Model, examples: readonly Example[], place: BatchPlace, pass: Pass, beta: number) {
  const { rows, targets, counts, logProbabilities } = runAnswers(model, examples, place, pass);
  const rewards = rewardsOf(examples, logProbabilities, beta);
  const pairs = examples.length;
  const differences = rewards.map(({ chosen, rejected }) => chosen - rejected);
  const value = differences.reduce((sum, difference) => sum + softplus(-difference), 0) / pairs;
  if (!isRecording()) return { loss: filled(place.backend, [], value), rewards };
  const weights = differences.map((difference) => (beta * Math.exp(-softplus(difference))) / pairs);
  const perToken = counts.flatMap((count, answer) =>
    Array.from({ length: count }, () => weights[answer % pairs] ?? 0),
  );
  const border = counts.slice(0, pairs).reduce((sum, count) => sum + count, 0);
  const half = (start: number, end: number) =>
    weightedTokenLoss(
      model,
      slice(rows, [start, 0], [end - start, -1]),
      targets.slice(start, end),
      perToken.slice(start, end),
      pass,
    );
  const direction = add(half(0, border), scale(half(border, targets.length), -1));
  return { loss: addScalar(direction, value - direction.scalar()), rewards };
}

function average<Item>(items: readonly Item[], valueOf: (item: Item) => number): number {
  return items.reduce((sum, item) => sum + valueOf(item), 0) / Math.max(1, items.length);
}

function isRight({ chosen, rejected }: Rewards): boolean {
  return chosen > rejected;
}

function startScore(beta: number): Score {
  const rewards: Rewards[] = [];
  let lossSum = 0;
  return {
    take(model, examples, place) {
      const measured = measure(model, examples, place, evaluationPass, beta);
      lossSum += measured.loss.scalar() * examples.length;
      rewards.push(...measured.rewards);
    },
    finish: () => ({
      metrics: {
        loss: lossSum / Math.max(1, rewards.length),
        accuracy: average(rewards, (reward) => Number(isRight(reward))),
        rewardMargin: average(rewards, ({ chosen, rejected }) => chosen - rejected),
        chosenReward: average(rewards, ({ chosen }) => chosen),
        rejectedReward: average(rewards, ({ rejected }) => rejected),
      },
    }),
  };
}

/** Answers that people prefer, from pairs of a better and a worse one. */
export const preference: Objective<typeof options> = {
  spec: {
    id: 'preference',
    name: { en: 'Preferences (DPO)', ko: '선호 학습(DPO)' },
    summary: {
      en: 'The model learns from pairs of answers which one people prefer. Best after it has learned to answer.',
      ko: '두 답 가운데 사람이 더 좋아하는 답을 배웁니다. 답하는 법을 먼저 배운 모델에 알맞습니다.',
    },
    head: 'nextToken',
    roles: [
      {
        role: 'prompt',
        help: { en: 'What both answers reply to.', ko: '두 답이 대답하는 말입니다.' },
      },
      {
        role: 'chosen',
        isAnswer: true,
        help: { en: 'The better answer.', ko: '더 나은 답입니다.' },
      },
      {
        role: 'rejected',
        isAnswer: true,
        help: { en: 'The worse answer.', ko: '더 나쁜 답입니다.' },
      },
    ],
    needs: [['chosen', 'rejected']],
    prediction: 'text',
    decidingMetric: { name: 'loss', better: 'lower' },
    options,
  },
  fewestLabels: 0,
  collectLabels: () => [],
  open(setting) {
    const { beta } = setting.options;
    return {
      prepareRows: (rows) => prepareRows(rows, setting),
      refer(model, examples, place) {
        const { logProbabilities } = runAnswers(model, examples, place, evaluationPass);
        return examples.map((_, index) => [
          logProbabilities[index] ?? 0,
          logProbabilities[examples.length + index] ?? 0,
        ]);
      },
      countTargets: (examples) => examples.length,
      measure(model, examples, place, pass) {
        let rewards: readonly Rewards[] = [];
        const loss = scope((): Tensor => {
          const measured = measure(model, examples, place, pass, beta);
          ({ rewards } = measured);
          return measured.loss;
        });
        return {
          loss,
          tally: () => ({ right: rewards.filter(isRight).length, total: rewards.length }),
        };
      },
      startScore: () => startScore(beta),
      pose({ prompt = '', chosen = '' }) {
        const { promptFormat, maximumLength } = setting.options;
        const ids = encodePrompt(setting.tokenizer, promptFormat, prompt);
        return posePrompt({ prompt }, chosen, ids, maximumLength);
      },
    };
  },
};
