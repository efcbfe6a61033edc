import type { ModelType } from '../../contract/methods.ts';
import type { Architecture } from './architecture.ts';
import { type BertConfig, bertWords, buildBertBody, declareBertBody } from './bertBody.ts';
import type { ConfigReader } from './configReader.ts';
import { type EncoderHeads, buildEncoderHead, declareEncoderHead } from './encoderHeads.ts';
import { ModelLayout } from './layout.ts';

/** What one model type has that the others built like BERT have not. */
export interface BertMember {
  readonly modelType: ModelType;
  /** What the names of the body's weights begin with. */
  readonly prefix: string;
  /** What the names of its classes in transformers begin with. */
  readonly classPrefix: string;
  readonly readConfig: (reader: ConfigReader) => BertConfig;
  /** Heads over whole texts and over hidden tokens; those over tokens and spans are the same in all of them. */
  readonly heads: (config: BertConfig) => Pick<EncoderHeads, 'classes'> & { masked: MaskedNames };
}

type Masked = EncoderHeads['masked'];
type MaskedNames = Omit<Masked, 'epsilon' | 'table'> & {
  /** Name of the table that scores the vocabulary, in checkpoints where it is not the word embeddings. */
  readonly table: string;
};

/** BERT's embeddings and encoder under other names, with other heads. */
export function bertLike({ modelType, prefix, classPrefix, readConfig, heads }: BertMember): Architecture {
  return {
    modelType,
    prefix,
    classNames: {
      none: `${classPrefix}Model`,
      classes: `${classPrefix}ForSequenceClassification`,
      tokenClasses: `${classPrefix}ForTokenClassification`,
      span: `${classPrefix}ForQuestionAnswering`,
      maskedToken: `${classPrefix}ForMaskedLM`,
    },
    read(reader) {
      const config = readConfig(reader);
      const { classes, masked } = heads(config);
      const allHeads: EncoderHeads = {
        ...config,
        classes,
        tokenDropout: config.classifierDropout,
        spanDropout: 0,
        masked: {
          ...masked,
          epsilon: config.epsilon,
          table: config.tiesVocabulary ? null : masked.table,
        },
      };
      return {
        ...config,
        maximumLength: config.positions - config.firstPosition,
        layout(head, labelCount) {
          const layout = new ModelLayout();
          declareBertBody(layout, config, prefix);
          declareEncoderHead(layout, allHeads, head, labelCount);
          return layout;
        },
        network: (weights, _, head) => ({
          ...buildBertBody(weights, config, prefix),
          ...buildEncoderHead(weights, allHeads, head, bertWords(prefix)),
        }),
      };
    },
  };
}
