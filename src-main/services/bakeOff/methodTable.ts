import type { MethodTable, MethodTableRequest } from '../../contract/bakeOff.ts';
import { TunebenchError } from '../../contract/errors/index.ts';
import { type SurveyedModel, surveyMethods } from '../../engine/index.ts';
import type { ServiceContext } from '../context.ts';
import { publishedShapes } from './publishedShapes.ts';

function findModel(
  { store }: ServiceContext,
  model: MethodTableRequest['model'],
): { name: string; model: SurveyedModel } {
  if ('folder' in model) return { name: model.folder, model };
  if ('published' in model) {
    const name = model.published;
    const configJson = publishedShapes[name];
    if (configJson !== undefined) return { name, model: { name, configJson } };
    throw new TunebenchError('bakeOff.unknownShape', {
      name,
      known: Object.keys(publishedShapes).join(', '),
    });
  }
  const found = store.models.get(model.modelId);
  if (found === undefined) throw new TunebenchError('common.notFound', { kind: 'model', id: model.modelId });
  return { name: found.name, model: { folder: found.folder } };
}

/** What every method would train of a model with its usual settings; weights are not needed for it. */
export function methodTable(context: ServiceContext, request: MethodTableRequest): MethodTable {
  const { name, model } = findModel(context, request.model);
  const survey = surveyMethods(context.files, model, request.task, request.labels);
  return {
    model: name,
    totalParameters: survey.totalParameters,
    rows: survey.methods.map(({ methodId, count, problems }) => ({
      methodId,
      ownParameters: count?.own ?? null,
      addedParameters: count?.added ?? null,
      problems: [...problems],
    })),
  };
}
