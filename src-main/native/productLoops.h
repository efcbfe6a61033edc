// Products of matrices, one panel of columns at a time.

#include "tile.h"
#include "transpose.h"

/** Columns `column` … of b, steps `step` …, as `[depth, width]` with zeros behind the last column. */
inline void packPanel(const ProductShape& shape, int64_t column, int64_t columns, int64_t step, int64_t depth, float* to) {
  const int64_t width = roundUp(columns);
  if (!shape.transposeB) {
    for (int64_t index = 0; index < depth; index++) {
      const float* from = shape.b + (step + index) * shape.columns + column;
      eachVector(columns, [&](int64_t lane, auto extent) {
        store(to + index * width + lane, load(from + lane, extent), Whole{});
      });
    }
    return;
  }
  const float* from = shape.b + column * shape.depth + step;
  if (width == columns && depth % 4 == 0) return transposeRows(from, columns, shape.depth, depth, to, width);
  for (int64_t index = 0; index < depth; index++)
    for (int64_t lane = 0; lane < width; lane++)
      to[index * width + lane] = lane < columns ? from[lane * shape.depth + index] : 0.0f;
}

/** Writes rows of finished sums with what is added to them. */
INLINE void finishSums(const ProductShape& shape, int64_t column, int64_t columns, int64_t row, const float* sums) {
  const int64_t at = row * shape.columns + column;
  eachVector(columns, [&](int64_t index, auto extent) {
    Floats value = load(sums + index, extent);
    if (shape.bias) value += load(shape.bias + column + index, extent);
    if (shape.added) value += load(shape.added + at + index, extent);
    store(shape.y + at + index, value, extent);
  });
}

/**
 * Rows `begin` up to `end` of the panel of y that starts at `column`.
 * @param panel room for PRODUCT_DEPTH · PRODUCT_COLUMNS numbers
 * @param sums room for PRODUCT_COLUMNS numbers a row, used where the panel is no whole number of vectors
 */
inline void multiplyPanel(const ProductShape& shape, int64_t column, int64_t begin, int64_t end, float* panel,
                          float* sums) {
  const int64_t columns = std::min(PRODUCT_COLUMNS, shape.columns - column), width = roundUp(columns);
  const bool isWhole = width == columns;
  float* to = isWhole ? shape.y + begin * shape.columns + column : sums;
  const int64_t toRow = isWhole ? shape.columns : width;
  for (int64_t step = 0; step < std::max<int64_t>(1, shape.depth); step += PRODUCT_DEPTH) {
    const int64_t depth = std::min(PRODUCT_DEPTH, shape.depth - step);
    const View a = shape.transposeA ? View{shape.a + step * shape.rows + begin, 1, shape.rows}
                                    : View{shape.a + begin * shape.depth + step, shape.depth, 1};
    // Rows of b that lie far apart crowd each other out of the caches.
    const bool inPlace = !shape.transposeB && isWhole && shape.columns <= PRODUCT_NEAR_ROWS;
    if (!inPlace) packPanel(shape, column, columns, step, depth, panel);
    const float* b = inPlace ? shape.b + step * shape.columns + column : panel;
    const int64_t bRow = inPlace ? shape.columns : width;
    if (step == 0) {
      multiply<false>(a, b, bRow, to, toRow, end - begin, columns, depth);
    } else {
      multiply<true>(a, b, bRow, to, toRow, end - begin, columns, depth);
    }
  }
  if (isWhole && !shape.bias && !shape.added) return;
  for (int64_t row = begin; row < end; row++)
    finishSums(shape, column, columns, row, to + (row - begin) * toRow);
}
