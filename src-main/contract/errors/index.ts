export { errorCatalogue, type ErrorCode } from './catalogue.ts';
export * from './tunebenchError.ts';
