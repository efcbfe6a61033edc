// Cross-entropy of rows of logits.

/** log Σ e^x of a row. */
template <class T>
float logSumExp(const T* x, int64_t width) {
  const float lowest = -std::numeric_limits<float>::infinity();
  Floats most = all(lowest);
  eachVector(width, [&](int64_t index, auto extent) {
    most = larger(fillOutside(load(x + index, extent), lowest, extent), most);
  });
  const float largest = largestOf(most);
  // Sums of 4,096 terms at a time: a vocabulary has too many for one float32 sum.
  double total = 0;
  for (int64_t begin = 0; begin < width; begin += 4096) {
    Floats sum{};
    eachVector(std::min<int64_t>(4096, width - begin), [&](int64_t index, auto extent) {
      sum += fillOutside(exponential(load(x + begin + index, extent) - largest), 0.0f, extent);
    });
    total += sumOf(sum);
  }
  return largest + static_cast<float>(std::log(total));
}

/** to = factor · e^(x − logSum); `to` may be x itself. */
template <class T>
void scaledSoftmax(const T* x, float logSum, float factor, T* to, int64_t width) {
  eachVector(width, [&](int64_t index, auto extent) {
    store(to + index, exponential(load(x + index, extent) - logSum) * factor, extent);
  });
}
