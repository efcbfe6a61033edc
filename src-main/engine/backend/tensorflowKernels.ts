import type { BinaryOperation, DType, Reduction, UnaryOperation } from './backend.ts';
import {
  type OperationAttribute,
  booleanAttribute,
  nativeTypes,
  typeAttribute,
} from './tensorflowBinding.ts';

/** Names of TensorFlow's operations. */
export const unaryNames: Readonly<Record<UnaryOperation, string>> = {
  negate: 'Neg',
  exp: 'Exp',
  log: 'Log',
  sqrt: 'Sqrt',
  rsqrt: 'Rsqrt',
  square: 'Square',
  reciprocal: 'Reciprocal',
  absolute: 'Abs',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  erf: 'Erf',
  sin: 'Sin',
  cos: 'Cos',
  isFinite: 'IsFinite',
  logicalNot: 'LogicalNot',
};

export const binaryNames: Readonly<Record<BinaryOperation, string>> = {
  add: 'AddV2',
  subtract: 'Sub',
  multiply: 'Mul',
  divide: 'RealDiv',
  maximum: 'Maximum',
  minimum: 'Minimum',
  power: 'Pow',
  equal: 'Equal',
  greater: 'Greater',
  greaterEqual: 'GreaterEqual',
  less: 'Less',
  logicalAnd: 'LogicalAnd',
  logicalOr: 'LogicalOr',
};

export const reductionNames: Readonly<Record<Reduction, string>> = {
  sum: 'Sum',
  mean: 'Mean',
  maximum: 'Max',
};

export const typeNames = new Map<number, DType>([
  [nativeTypes.float32, 'float32'],
  [nativeTypes.bfloat16, 'bfloat16'],
  [nativeTypes.float16, 'float16'],
  [nativeTypes.int32, 'int32'],
  [nativeTypes.uint8, 'uint8'],
  [nativeTypes.bool, 'bool'],
]);

// TensorFlow works out type attributes from the inputs, so only the others are named. Made once: attributes cross
// to C++ with every call.
export const noAttributes: readonly OperationAttribute[] = [];
export const keepAxesAttributes = [booleanAttribute('keep_dims', true)];
export const floatAttributes = [typeAttribute('dtype', nativeTypes.float32)];
export const integerAttributes = [typeAttribute('dtype', nativeTypes.int32)];
export const uint16Bitcast = [typeAttribute('type', nativeTypes.uint16)];
export const uint16Cast = [typeAttribute('DstT', nativeTypes.uint16)];
export const int32OutputAttributes = [typeAttribute('output_type', nativeTypes.int32)];
export const castAttributes = new Map<DType, readonly OperationAttribute[]>(
  [...typeNames].map(([type, name]) => [name, [typeAttribute('DstT', type)]]),
);
const matrixAttributes = (nameA: string, nameB: string): readonly (readonly OperationAttribute[])[] =>
  [0, 1, 2, 3].map((which) => [
    ...(which & 2 ? [booleanAttribute(nameA, true)] : []),
    ...(which & 1 ? [booleanAttribute(nameB, true)] : []),
  ]);
export const matMulAttributes = matrixAttributes('transpose_a', 'transpose_b');
export const batchMatMulAttributes = matrixAttributes('adj_x', 'adj_y');
