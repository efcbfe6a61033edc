import {
  type Problem,
  TunebenchError,
  describeProblem,
  errorFromProblems,
} from '../../contract/errors/index.ts';
import type { Parameter } from '../autodiff/tensor.ts';
import type { ByteSink, EngineFiles } from '../files.ts';
import type { AdapterContents, Attached, SavedTensor } from '../methods/method.ts';
import { listMethods } from '../methods/registry.ts';
import type { Model } from '../models/model.ts';
import { type JsonTable, readJsonTable, writeJson } from './jsonFiles.ts';
import { assignFrom, tensorToWrite } from './parameterTensors.ts';
import { type SafetensorsFile, type TensorEntry, openSafetensors, writeSafetensors } from './safetensors.ts';

// Adapter folders of PEFT (https://github.com/huggingface/peft): adapter_config.json, adapter_model.safetensors.

const configName = 'adapter_config.json';
const weightsName = 'adapter_model.safetensors';
/** PEFT keeps no class names; they stand in a file of their own, which PEFT leaves alone. */
const labelsName = 'labels.json';
/** What stands before the model's own names: soft prompts do not wrap the model once more. */
const wrappings = ['base_model.model.', 'base_model.'];

export interface AdapterOrigin {
  /** The base model as PEFT should find it: a Hub id or a folder. */
  readonly baseModel: string;
}

function modelCard(model: Model, origin: AdapterOrigin, type: string): string {
  const kind = model.task === 'classification' ? 'text-classification' : 'text-generation';
  const auto =
    model.task === 'classification'
      ? `AutoModelForSequenceClassification.from_pretrained(base, num_labels=${model.labels.length})`
      : 'AutoModelForCausalLM.from_pretrained(base)';
  const labels = model.labels.map((label, index) => `${index}. ${label}`).join('\n');
  return `---
base_model: ${JSON.stringify(origin.baseModel)}
library_name: peft
pipeline_tag: ${kind}
tags:
- ${type.toLowerCase().replaceAll('_', '-')}
- tunebench
---

# Adapter for ${origin.baseModel}

An adapter (PEFT's type ${type}) trained with Tunebench. In Python:

\`\`\`python
from peft import PeftModel
from transformers import ${auto.split('.')[0]}

base = ${JSON.stringify(origin.baseModel)}
model = PeftModel.from_pretrained(${auto}, "path/to/this/folder")
\`\`\`
${labels && `\nClasses, in the order of the logits:\n\n${labels}\n`}`;
}

/** Keys in alphabetical order, as PEFT writes them. */
function sortKeys(table: JsonTable): JsonTable {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Writes an adapter as PEFT does.
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
  writeJson(file(configName), sortKeys({ ...adapter.config, ...common }));
  writeSafetensors(
    file(weightsName),
    [...adapter.tensors].map(([name, parameter]) => tensorToWrite(name, parameter)),
  );
  const text = (content: string) => new TextEncoder().encode(content);
  if (model.labels.length > 0) {
    file(labelsName).write(text(`${JSON.stringify(model.labels, null, 2)}\n`));
  }
  file('README.md').write(text(modelCard(model, origin, String(adapter.config['peft_type']))));
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

/** Where a saved tensor goes; PEFT writes some of its wrappers' inner names beside the plain ones. */
function placeOf(name: string, model: Model, adapter: AdapterContents): SavedTensor | null | undefined {
  if (name.includes('.original_module.')) return null;
  const plain = name.replace('.modules_to_save.', '.');
  const own = wrappings
    .filter((wrapping) => plain.startsWith(wrapping))
    .map((wrapping) => model.parameters.get(plain.slice(wrapping.length)))
    .find((parameter) => parameter !== undefined);
  return adapter.tensors.get(plain) ?? own;
}

/** Fills an attached adapter from its file; what does not fit is reported together. */
function fillAdapter(
  model: Model,
  adapter: AdapterContents,
  file: SafetensorsFile,
  savedModules: readonly string[],
  folder: string,
): void {
  const problems: Problem[] = [];
  const places = new Map<Parameter, TensorEntry>();
  for (const [name, entry] of file.tensors) {
    const place = placeOf(name, model, adapter);
    if (place === null) continue;
    if (place === undefined || 'compute' in place) {
      problems.push(describeProblem('adapter.unknownTensor', { folder, tensor: name }));
      continue;
    }
    places.set(place, entry);
    if (place.shape.join() === entry.shape.join()) continue;
    const shapes = { found: entry.shape.join(', '), expected: place.shape.join(', ') };
    problems.push(describeProblem('adapter.wrongShape', { folder, tensor: name, ...shapes }));
  }
  for (const [name, parameter] of adapter.tensors) {
    if ('compute' in parameter) continue;
    // Parts of the head that the adapter was not trained with keep the base model's values.
    const isOwnHead =
      model.headNames.includes(parameter.name) &&
      !savedModules.some((part) => `.${name}`.includes(`.${part}.`));
    if (places.has(parameter) || isOwnHead) continue;
    const params = { folder, tensor: name, shape: parameter.shape.join(', ') };
    problems.push(describeProblem('adapter.missingTensor', params));
  }
  if (problems.length > 0) throw errorFromProblems(problems);
  for (const [place, entry] of places) assignFrom(place, file, entry);
}

/**
 * Attaches the adapter of a folder, ours or PEFT's, to its base model.
 * @throws TunebenchError with everything that does not fit this model
 */
export function loadAdapter(files: EngineFiles, folder: string, model: Model): Attached {
  if (!isAdapterFolder(files, folder)) throw new TunebenchError('adapter.noConfig', { folder });
  const path = files.join(folder, weightsName);
  if (!files.exists(path)) throw new TunebenchError('adapter.noWeights', { folder });
  const config = readJsonTable(files, files.join(folder, configName));
  const type = config['peft_type'];
  const saved = listMethods().find((method) => method.saved?.peftType === type)?.saved;
  if (saved === undefined) {
    const known = [...new Set(listMethods().flatMap((method) => method.saved?.peftType ?? []))].join(', ');
    throw new TunebenchError('adapter.wrongType', { folder, type: String(type ?? '–'), known });
  }
  const modules: unknown = config['modules_to_save'];
  const savedModules = Array.isArray(modules) ? modules.map(String) : [];
  const file = openSafetensors(files.open(path), path);
  try {
    const attached = saved.attach(model, config, folder);
    try {
      if (attached.adapter) fillAdapter(model, attached.adapter, file, savedModules, folder);
      return attached;
    } catch (error) {
      attached.detach();
      throw error;
    }
  } finally {
    file.close();
  }
}
