// Makes the sample models anew:
//   npm run tunebench:samples -- --data DIR [--only tiny-encoder] [--epochs 20]
// DIR holds banking77-train.csv, chatbot-ko.csv and rentalcars-spans-train.json (see corpus.ts).
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createTensorFlowBackend } from '../../src-main/engine/backend/tensorflow.ts';
import { loadTokenizer } from '../../src-main/engine/data/tokenizer.ts';
import { loadModel } from '../../src-main/engine/models/load.ts';
import { createEngineFiles, readSetupRecord } from '../../src-main/platform/index.ts';
import { type Bpe, trainByteLevelBpe } from './byteLevelBpe.ts';
import { type Corpus, readCorpus } from './corpus.ts';
import { maskedWordsAndPartners, nextWord } from './losses.ts';
import { pretrain } from './pretrain.ts';
import { type SampleModel, sampleModels } from './sampleModels.ts';
import { startWeights, writeFolder } from './startFolder.ts';
import { tokenizerFiles } from './tokenizerFiles.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const longestText = 64;
const batchSize = 128;
const learningRate = 1.5e-3;
const seed = 0;

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    only: { type: 'string' },
    epochs: { type: 'string', default: '20' },
  },
});
if (values.data === undefined) throw new Error('Say where the texts are: --data DIR');

const { backend: choice } = readSetupRecord(root);
if (choice.kind !== 'tensorflow')
  throw new Error('Pretraining needs libtensorflow; run `npm run setup` first.');
const backend = createTensorFlowBackend(createRequire(import.meta.url)(choice.bindingPath));
const files = createEngineFiles();
const report = (line: string) => process.stdout.write(`${line}\n`);

function make(sample: SampleModel, { lines, pairs }: Corpus, bpe: Bpe): void {
  const folder = join(root, 'resources', 'samples', 'models', sample.folder);
  const { tokenizer, config: tokenizerConfig, vocabularySize } = tokenizerFiles(bpe, sample.framing);
  const config = sample.config(vocabularySize);
  const json = {
    'config.json': config,
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': tokenizerConfig,
  };
  const task = sample.learns === 'nextWord' ? 'causalLm' : 'classification';
  rmSync(folder, { recursive: true, force: true });
  writeFolder(folder, json, startWeights(config, task));

  const encoder = loadTokenizer(files, folder);
  const eosId = encoder.eosId;
  const encode = (line: string) => {
    const { ids } = encoder.encode(line, { maximumLength: longestText - 1 });
    return sample.learns === 'nextWord' && eosId !== null ? [...ids, eosId] : ids;
  };
  const texts = lines.map(encode);
  const partners = pairs.map(([first, second]) => [encode(first), encode(second)] as const);
  const model = loadModel({ files, folder, backend, task, labels: ['0', '1'], seed });
  report(
    `${sample.title}: ${texts.length} texts, ${texts.reduce((sum, text) => sum + text.length, 0)} tokens`,
  );
  pretrain(
    model,
    { texts, pairs: partners },
    sample.learns === 'nextWord' ? nextWord : maskedWordsAndPartners,
    {
      epochs: Number(values.epochs),
      batchSize,
      learningRate,
      seed,
      report,
    },
  );
  const weights = [...model.parameters.values()]
    .filter(({ name }) => !model.headNames.includes(name))
    .map(({ name, shape, value }) => [name, shape, Float32Array.from(value.values())] as const);
  writeFolder(folder, json, weights);
  model.dispose();
}

const corpus = readCorpus(values.data);
const bpe = trainByteLevelBpe(corpus.lines, 6000);
for (const sample of sampleModels) {
  if (values.only === undefined || values.only === sample.folder) make(sample, corpus, bpe);
}
