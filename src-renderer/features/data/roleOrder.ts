import { columnRoleSchema } from '../../../src-main/contract/methods.ts';

export const roleOrder = columnRoleSchema.options;
