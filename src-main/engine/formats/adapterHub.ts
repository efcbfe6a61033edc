import type { AdapterContents } from '../methods/method.ts';
import type { Model } from '../models/model.ts';
import { describeHead } from './headNames.ts';
import type { JsonTable } from './jsonFiles.ts';

// Adapter folders of the adapters library (https://github.com/adapter-hub/adapters): adapter_config.json and
// adapter.safetensors, with a head in head_config.json and model_head.safetensors.

export const hubWeights = 'adapter.safetensors';
export const hubHeadConfig = 'head_config.json';
export const hubHeadWeights = 'model_head.safetensors';

/** Name under which adapters are written; it stands in every tensor's name. */
export const hubName = 'tunebench';

/** The version of the format. */
const version = 'adapters.1.3.0';

function common(model: Model, baseModel: string): JsonTable {
  return {
    hidden_size: model.hiddenSize,
    model_class: model.className,
    model_name: baseModel,
    model_type: model.modelType,
    version,
  };
}

/** adapter_config.json around the method's own configuration. */
export function hubConfig(model: Model, { config }: AdapterContents, baseModel: string): JsonTable {
  return { ...common(model, baseModel), config, name: hubName };
}

export function headConfig(model: Model, baseModel: string): JsonTable {
  const label2id = Object.fromEntries(model.labels.map((label, index) => [label, index]));
  return { ...common(model, baseModel), config: null, label2id, name: null, num_labels: model.labels.length };
}

export function hubCard(model: Model, baseModel: string): string {
  const { auto } = describeHead(model);
  const labels = model.labels.map((label, index) => `${index}. ${label}`).join('\n');
  return `---
base_model: ${JSON.stringify(baseModel)}
library_name: adapter-transformers
tags:
- tunebench
---

# Adapter for ${baseModel}

A bottleneck adapter trained with Tunebench. In Python:

\`\`\`python
import adapters
from transformers import ${auto.split('.')[0]}

base = ${JSON.stringify(baseModel)}
model = ${auto}
adapters.init(model)
model.load_adapter("path/to/this/folder", set_active=True, use_safetensors=True)
\`\`\`
${labels && `\nClasses, in the order of the logits:\n\n${labels}\n`}`;
}
