/** Products of a few rows, for kernels that make the matrix piece by piece. */
#ifndef TUNEBENCH_NARROW_PRODUCT_H_
#define TUNEBENCH_NARROW_PRODUCT_H_

#include <cstdint>

namespace tunebench {

/** Rows there may be. */
constexpr int64_t NARROW_MOST_ROWS = 16;
/** Sums kept in the nearest cache while a weight `[in, out]` is read: so many columns of one row, fewer of several. */
constexpr int64_t NARROW_SUMS = 4096;

/**
 * The first `count` columns of y `[rows, outputs]` = x `[rows, depth]` · weightᵀ (+ bias), weight `[count, depth]`, on
 * the calling thread; bias may be null.
 */
void multiplyFewRows(const float* x, int64_t rows, const float* weight, int64_t depth, int64_t outputs,
                     const float* bias, float* y, int64_t count);

}  // namespace tunebench

#endif
