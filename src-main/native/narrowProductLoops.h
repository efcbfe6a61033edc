// Products of a few rows with a matrix that is read once: its way from memory is what takes the time.

#if defined(TUNEBENCH_AVX512)
constexpr int NARROW_ROWS = 4;
#else
constexpr int NARROW_ROWS = 2;
#endif
/** Outputs computed side by side: as many streams from memory. */
constexpr int NARROW_OUTPUTS = 4;

/** ROWS × OUTPUTS sums over `depth` of x `[rows, depth]` times weight `[outputs, depth]`. */
template <int ROWS, int OUTPUTS, class T>
INLINE void dotTile(const float* x, const T* weight, int64_t depth, const float* bias, float* y, int64_t yRow) {
  Floats sums[ROWS][OUTPUTS] = {};
  eachVector(depth, [&](int64_t index, auto extent) {
    Floats right[OUTPUTS];
#pragma GCC unroll 8
    for (int output = 0; output < OUTPUTS; output++) {
      const T* from = weight + output * depth + index;
      right[output] = load(from, extent);
      __builtin_prefetch(from + OUTPUTS * depth);
    }
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) {
      const Floats left = load(x + row * depth + index, extent);
#pragma GCC unroll 8
      for (int output = 0; output < OUTPUTS; output++) sums[row][output] += left * right[output];
    }
  });
#pragma GCC unroll 8
  for (int row = 0; row < ROWS; row++)
#pragma GCC unroll 8
    for (int output = 0; output < OUTPUTS; output++)
      y[row * yRow + output] = sumOf(sums[row][output]) + (bias ? bias[output] : 0.0f);
}

template <int OUTPUTS, class T>
INLINE void dotRows(const float* x, int64_t rows, const T* weight, int64_t depth, const float* bias, float* y,
                    int64_t yRow) {
  int64_t row = 0;
  for (; row + NARROW_ROWS <= rows; row += NARROW_ROWS)
    dotTile<NARROW_ROWS, OUTPUTS>(x + row * depth, weight, depth, bias, y + row * yRow, yRow);
  for (; row < rows; row++) dotTile<1, OUTPUTS>(x + row * depth, weight, depth, bias, y + row * yRow, yRow);
}

/**
 * The first `count` columns of y `[rows, outputs]` = x `[rows, depth]` · weightᵀ (+ bias), weight `[count, depth]`. The
 * few rows of weight that are worked on stay in the nearest cache for the later rows of x.
 */
template <class T>
void multiplyOutputsFirst(const float* x, int64_t rows, const T* weight, int64_t depth, int64_t outputs,
                          const float* bias, float* y, int64_t count) {
  int64_t output = 0;
  const auto biasAt = [&](int64_t at) { return bias ? bias + at : nullptr; };
  for (; output + NARROW_OUTPUTS <= count; output += NARROW_OUTPUTS)
    dotRows<NARROW_OUTPUTS>(x, rows, weight + output * depth, depth, biasAt(output), y + output, outputs);
  for (; output < count; output++)
    dotRows<1>(x, rows, weight + output * depth, depth, biasAt(output), y + output, outputs);
}

/** Adds STEPS rows of weight, each times its number of every row of x, to the sums `[rows, width]`. */
template <int STEPS, class T>
INLINE void addSteps(const float* x, int64_t rows, int64_t depth, const T* weight, int64_t outputs, float* sums,
                     int64_t width, int64_t count) {
  eachVector(count, [&](int64_t index, auto extent) {
    Floats right[STEPS];
#pragma GCC unroll 8
    for (int step = 0; step < STEPS; step++) {
      const T* from = weight + step * outputs + index;
      right[step] = load(from, extent);
      // The next rows lie on other pages, where the processor does not look ahead by itself.
      __builtin_prefetch(from + 2 * STEPS * outputs);
    }
    for (int64_t row = 0; row < rows; row++) {
      float* to = sums + row * width + index;
      Floats sum = load(to, Whole{});
#pragma GCC unroll 8
      for (int step = 0; step < STEPS; step++) sum += x[row * depth + step] * right[step];
      store(to, sum, Whole{});
    }
  });
}

/**
 * `count` columns from `begin` of y `[rows, outputs]` = x `[rows, depth]` · weight (+ bias), weight `[depth, outputs]`;
 * rows times `count`, rounded up to whole vectors, is at most NARROW_SUMS.
 */
template <class T>
void multiplyInputsFirst(const float* x, int64_t rows, const T* weight, int64_t depth, int64_t outputs,
                         const float* bias, float* y, int64_t begin, int64_t count) {
  alignas(64) float sums[NARROW_SUMS] = {};
  const int64_t width = roundUp(count);
  int64_t step = 0;
  for (; step + 4 <= depth; step += 4)
    addSteps<4>(x + step, rows, depth, weight + step * outputs + begin, outputs, sums, width, count);
  for (; step < depth; step++)
    addSteps<1>(x + step, rows, depth, weight + step * outputs + begin, outputs, sums, width, count);
  for (int64_t row = 0; row < rows; row++)
    for (int64_t column = 0; column < count; column++)
      y[row * outputs + begin + column] = sums[row * width + column] + (bias ? bias[begin + column] : 0.0f);
}
