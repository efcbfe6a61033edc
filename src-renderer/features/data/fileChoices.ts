import { t } from '../../app/i18n/language.svelte.ts';

/** The formats of files, as a list to choose from. */
export const formatChoices = () =>
  [
    { value: 'csv', label: 'CSV' },
    { value: 'tsv', label: 'TSV' },
    { value: 'jsonl', label: 'JSON lines' },
    { value: 'json', label: 'JSON' },
    { value: 'parquet', label: 'Parquet' },
    { value: 'xlsx', label: 'Excel (XLSX)' },
    { value: 'text', label: t('import.formatText') },
    { value: 'paragraphs', label: t('import.formatParagraphs') },
    { value: 'conll', label: 'CoNLL (BIO)' },
    { value: 'fasttext', label: 'fastText' },
    { value: 'folder', label: t('import.formatFolder') },
  ] as const;

/** The layouts of rows, as a list to choose from. */
export const shapeChoices = () =>
  [
    { value: 'plain', label: t('import.shapePlain') },
    { value: 'alpaca', label: 'Alpaca' },
    { value: 'shareGpt', label: 'ShareGPT' },
    { value: 'messages', label: 'OpenAI messages' },
    { value: 'preference', label: t('import.shapePreference') },
  ] as const;
