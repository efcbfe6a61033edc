// Softmax over a row of scores with scale and additive mask, and its gradient.

/**
 * y = softmax(scores · scale + mask) over the first `visible` of `width` columns, 0 in the others.
 * @param maskStep 1, or 0 where one mask value serves the whole row
 * @param row room for `width` floats
 */
template <class T>
void softmaxRow(const T* scores, const float* mask, int64_t maskStep, T* y, float* row, float scale, int64_t visible,
                int64_t width) {
  const float lowest = -std::numeric_limits<float>::infinity();
  Floats most = all(lowest);
  eachVector(visible, [&](int64_t index, auto extent) {
    Floats score = load(scores + index, extent) * scale;
    if (mask) score += maskStep ? load(mask + index, extent) : all(*mask);
    store(row + index, score, extent);
    most = larger(fillOutside(score, lowest, extent), most);
  });
  const float largest = largestOf(most);
  Floats sum{};
  eachVector(visible, [&](int64_t index, auto extent) {
    const Floats power = exponential(load(row + index, extent) - largest);
    store(row + index, power, extent);
    sum += fillOutside(power, 0.0f, extent);
  });
  const float total = sumOf(sum);
  eachVector(visible, [&](int64_t index, auto extent) {
    store(y + index, load(row + index, extent) / total, extent);
  });
  memset(y + visible, 0, (width - visible) * sizeof(T));
}

/** Gradient of the scores: scale · p · (g − Σ g · p). */
template <class T>
void softmaxGradientRow(const T* gradient, const T* p, T* to, float scale, int64_t width) {
  Floats sum{};
  eachVector(width, [&](int64_t index, auto extent) {
    sum += load(gradient + index, extent) * load(p + index, extent);
  });
  const float mean = sumOf(sum);
  eachVector(width, [&](int64_t index, auto extent) {
    const Floats share = load(p + index, extent) * scale;
    store(to + index, (load(gradient + index, extent) - mean) * share, extent);
  });
}
