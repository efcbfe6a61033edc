// Small matrix products over packed float32 blocks that stay in the processor's caches.

#if defined(TUNEBENCH_AVX512)
constexpr int TILE_ROWS = 6, TILE_VECTORS = 4;
#elif defined(TUNEBENCH_AVX2)
constexpr int TILE_ROWS = 6, TILE_VECTORS = 2;
#else
constexpr int TILE_ROWS = 4, TILE_VECTORS = 2;
#endif

/** A matrix in memory: element (i, j) at data[i · rowStep + j · columnStep]. */
struct View {
  const float* data;
  int64_t rowStep;
  int64_t columnStep;
};

/** ROWS × (VECTORS · LANES) elements of c = a · b (+ c): the sums stay in registers. */
template <int ROWS, int VECTORS, bool add>
INLINE void multiplyTile(const float* a, int64_t aRow, int64_t aColumn, const float* b, int64_t bRow, float* c,
                         int64_t cRow, int64_t depth) {
  Floats sums[ROWS][VECTORS];
#pragma GCC unroll 8
  for (int row = 0; row < ROWS; row++)
#pragma GCC unroll 8
    for (int vector = 0; vector < VECTORS; vector++)
      sums[row][vector] = add ? load(c + row * cRow + vector * LANES, Whole{}) : Floats{};
  for (int64_t step = 0; step < depth; step++, a += aColumn, b += bRow) {
    Floats right[VECTORS];
#pragma GCC unroll 8
    for (int vector = 0; vector < VECTORS; vector++) right[vector] = load(b + vector * LANES, Whole{});
#pragma GCC unroll 8
    for (int row = 0; row < ROWS; row++) {
      const Floats left = all(a[row * aRow]);
#pragma GCC unroll 8
      for (int vector = 0; vector < VECTORS; vector++) sums[row][vector] += left * right[vector];
    }
  }
#pragma GCC unroll 8
  for (int row = 0; row < ROWS; row++)
#pragma GCC unroll 8
    for (int vector = 0; vector < VECTORS; vector++)
      store(c + row * cRow + vector * LANES, sums[row][vector], Whole{});
}

template <int VECTORS, bool add>
INLINE void multiplyColumns(const View& a, const float* b, int64_t bRow, float* c, int64_t cRow, int64_t rows,
                            int64_t depth) {
  const float* left = a.data;
  int64_t row = 0;
  for (; row + TILE_ROWS <= rows; row += TILE_ROWS, left += TILE_ROWS * a.rowStep)
    multiplyTile<TILE_ROWS, VECTORS, add>(left, a.rowStep, a.columnStep, b, bRow, c + row * cRow, cRow, depth);
  for (; row + 2 <= rows; row += 2, left += 2 * a.rowStep)
    multiplyTile<2, VECTORS, add>(left, a.rowStep, a.columnStep, b, bRow, c + row * cRow, cRow, depth);
  if (row < rows) multiplyTile<1, VECTORS, add>(left, a.rowStep, a.columnStep, b, bRow, c + row * cRow, cRow, depth);
}

/**
 * c = a · b, or c += a · b. b `[depth, columns]` and c `[rows, columns]` have rows of `bRow` and `cRow` floats, both at
 * least `columns` rounded up to LANES.
 */
template <bool add>
void multiply(View a, const float* b, int64_t bRow, float* c, int64_t cRow, int64_t rows, int64_t columns,
              int64_t depth) {
  const int64_t vectors = (columns + LANES - 1) / LANES;
  int64_t vector = 0;
  for (; vector + TILE_VECTORS <= vectors; vector += TILE_VECTORS)
    multiplyColumns<TILE_VECTORS, add>(a, b + vector * LANES, bRow, c + vector * LANES, cRow, rows, depth);
  if (TILE_VECTORS > 2 && vector + 2 <= vectors) {
    multiplyColumns<2, add>(a, b + vector * LANES, bRow, c + vector * LANES, cRow, rows, depth);
    vector += 2;
  }
  if (vector < vectors) multiplyColumns<1, add>(a, b + vector * LANES, bRow, c + vector * LANES, cRow, rows, depth);
}
