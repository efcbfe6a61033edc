// Transposing blocks of rows.

/** `[rowWidth, width]`, its rows from `count` on anything, → `[size, rowWidth]`; those columns become 0. */
inline void transposeRows(const float* from, int64_t count, int64_t width, int64_t size, float* to, int64_t rowWidth) {
  for (int64_t row = 0; row < rowWidth; row += LANES)
    for (int64_t column = 0; column < size; column += 4) {
      Words quads[4];
      for (int index = 0; index < 4; index++) quads[index] = loadQuads(from + (row + index) * width + column, 4 * width);
      transposeQuads(quads);
      for (int index = 0; index < 4 && column + index < size; index++) {
        const Floats values = (Floats)quads[index];
        float* target = to + (column + index) * rowWidth + row;
        if (row + LANES <= count) {
          store(target, values, Whole{});
        } else {
          store(target, fillOutside(values, 0.0f, Part(std::max<int64_t>(0, count - row))), Whole{});
        }
      }
    }
}
