import { TunebenchError } from '../../contract/errors/index.ts';
import type { ByteSink, EngineFiles } from '../files.ts';
import type { AdapterContents, Attached, SavedTensor } from '../methods/method.ts';
import { listMethods } from '../methods/registry.ts';
import type { Model } from '../models/model.ts';
import { describeHead } from './headNames.ts';
import { headConfig, hubCard, hubConfig, hubHeadConfig, hubHeadWeights, hubWeights } from './adapterHub.ts';
import { fillAdapter } from './fillAdapter.ts';
import { type JsonTable, isTable, readJsonTable, writeJson } from './jsonFiles.ts';
import { tensorToWrite } from './parameterTensors.ts';
import { type SafetensorsFile, openSafetensors, writeSafetensors } from './safetensors.ts';

// Adapter folders of PEFT (https://github.com/huggingface/peft): adapter_config.json, adapter_model.safetensors; and of
// the adapters library (https://github.com/adapter-hub/adapters).

const configName = 'adapter_config.json';
const weightsName = 'adapter_model.safetensors';
/** PEFT keeps no class names; they stand in a file of their own, which PEFT leaves alone. */
const labelsName = 'labels.json';

export interface AdapterOrigin {
  /** The base model as PEFT should find it: a Hub id or a folder. */
  readonly baseModel: string;
}

function modelCard(model: Model, origin: AdapterOrigin, { library, config }: AdapterContents): string {
  const type = String(config['peft_type']);
  const { pipeline, auto } = describeHead(model);
  const labels = model.labels.map((label, index) => `${index}. ${label}`).join('\n');
  const inPython = `An adapter (PEFT's type ${type}) trained with Tunebench. In Python:

\`\`\`python
from peft import PeftModel
from transformers import ${auto.split('.')[0]}

base = ${JSON.stringify(origin.baseModel)}
model = PeftModel.from_pretrained(${auto}, "path/to/this/folder")
\`\`\``;
  const use = library ? 'An adapter trained with Tunebench, which alone can load it.' : inPython;
  return `---
base_model: ${JSON.stringify(origin.baseModel)}
library_name: ${library ?? 'peft'}
pipeline_tag: ${pipeline}
tags:
- ${type.toLowerCase().replaceAll('_', '-')}
- tunebench
---

# Adapter for ${origin.baseModel}

${use}
${labels && `\nClasses, in the order of the logits:\n\n${labels}\n`}`;
}

/** Keys in alphabetical order, as PEFT writes them. */
function sortKeys(table: JsonTable): JsonTable {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The weight files of an adapter's folder, by name: the adapters library keeps the head in one of its own. */
export function adapterWeights(
  model: Model,
  { library, tensors }: AdapterContents,
): ReadonlyMap<string, ReadonlyMap<string, SavedTensor>> {
  if (library !== 'adapters') return new Map([[weightsName, tensors]]);
  const pick = (isHead: boolean) =>
    new Map([...tensors].filter(([name]) => model.headNames.includes(name) === isHead));
  const files = [
    [hubWeights, pick(false)],
    [hubHeadWeights, pick(true)],
  ] as const;
  return new Map(files.filter(([, contents]) => contents.size > 0));
}

/**
 * Writes an adapter as PEFT or the adapters library does.
 * @param file opens a file of the folder being written, as `EngineFiles.writeFolder` hands it out
 */
export function writeAdapterFiles(
  model: Model,
  adapter: AdapterContents,
  origin: AdapterOrigin,
  file: (name: string) => ByteSink,
): void {
  const common = {
    auto_mapping: null,
    base_model_name_or_path: origin.baseModel,
    inference_mode: true,
    revision: null,
  };
  const isHub = adapter.library === 'adapters';
  const config = isHub ? hubConfig(model, adapter, origin.baseModel) : { ...adapter.config, ...common };
  writeJson(file(configName), sortKeys(config));
  if (isHub && model.headNames.length > 0)
    writeJson(file(hubHeadConfig), sortKeys(headConfig(model, origin.baseModel)));
  for (const [name, tensors] of adapterWeights(model, adapter)) {
    writeSafetensors(
      file(name),
      [...tensors].map(([tensor, value]) => tensorToWrite(tensor, value)),
    );
  }
  const text = (content: string) => new TextEncoder().encode(content);
  if (model.labels.length > 0) {
    file(labelsName).write(text(`${JSON.stringify(model.labels, null, 2)}\n`));
  }
  file('README.md').write(text(isHub ? hubCard(model, origin.baseModel) : modelCard(model, origin, adapter)));
}

export function isAdapterFolder(files: EngineFiles, folder: string): boolean {
  return files.exists(files.join(folder, configName));
}

/** Class names stored with an adapter; null for adapters of other programs, which store none. */
export function readAdapterLabels(files: EngineFiles, folder: string): string[] | null {
  const path = files.join(folder, labelsName);
  if (!files.exists(path)) return null;
  const labels: unknown = JSON.parse(files.readText(path));
  const isList = Array.isArray(labels) && labels.every((label) => typeof label === 'string');
  if (isList) return labels;
  throw new TunebenchError('modelFolder.badJson', { file: path, detail: 'it is not a list of texts.' });
}

type AttachTo = (model: Model) => Attached;

function findPeftMethod(config: JsonTable, folder: string): AttachTo {
  const type = config['peft_type'];
  const saved = listMethods().find((method) => method.saved?.peftType === type)?.saved;
  if (saved) return (model) => saved.attach(model, config, folder);
  const known = [...new Set(listMethods().flatMap((method) => method.saved?.peftType ?? []))].join(', ');
  throw new TunebenchError('adapter.wrongType', { folder, type: String(type ?? '–'), known });
}

function findHubMethod(config: JsonTable, folder: string): AttachTo {
  const inner = isTable(config['config']) ? config['config'] : {};
  const name = String(config['name']);
  const hub = listMethods().find((method) => method.hub?.recognises(inner))?.hub;
  if (hub) return (model) => hub.attach(model, inner, name, folder);
  const known = listMethods()
    .flatMap(({ hub: one, spec }) => (one ? spec.id : []))
    .join(', ');
  throw new TunebenchError('adapter.wrongType', {
    folder,
    type: String(inner['architecture'] ?? 'bottleneck'),
    known,
  });
}

/**
 * Attaches the adapter of a folder, ours, PEFT's or the adapters library's, to its base model.
 * @throws TunebenchError with everything that does not fit this model
 */
export function loadAdapter(files: EngineFiles, folder: string, model: Model): Attached {
  if (!isAdapterFolder(files, folder)) throw new TunebenchError('adapter.noConfig', { folder });
  const config = readJsonTable(files, files.join(folder, configName));
  const isHub = isTable(config['config']) && config['peft_type'] === undefined;
  const [first, ...others] = isHub ? [hubWeights, hubHeadWeights] : [weightsName];
  if (!files.exists(files.join(folder, first)))
    throw new TunebenchError('adapter.noWeights', { folder, file: first });
  const attach = isHub ? findHubMethod(config, folder) : findPeftMethod(config, folder);
  const modules: unknown = config['modules_to_save'];
  const savedModules = Array.isArray(modules) ? modules.map(String) : [];
  const paths = [first, ...others]
    .map((name) => files.join(folder, name))
    .filter((path) => files.exists(path));
  const opened: SafetensorsFile[] = [];
  try {
    for (const path of paths) opened.push(openSafetensors(files.open(path), path));
    const attached = attach(model);
    try {
      if (attached.adapter) fillAdapter(model, attached.adapter, opened, savedModules, folder);
      return attached;
    } catch (error) {
      attached.detach();
      throw error;
    }
  } finally {
    for (const file of opened) file.close();
  }
}
