// AdamW as torch.optim.AdamW computes it (https://arxiv.org/abs/1711.05101).

/** Elements of one tensor, in place. */
void adamwStep(float* weight, const float* gradient, float* first, float* second, const AdamwSettings& settings,
               int64_t count) {
  eachVector(count, [&](int64_t index, auto extent) {
    const Floats slope = load(gradient + index, extent) * settings.gradientScale;
    const Floats oldMean = load(first + index, extent), oldSquare = load(second + index, extent);
    const Floats mean = (slope - oldMean) * settings.firstRate + oldMean;
    const Floats square = slope * slope * settings.secondRate + oldSquare * settings.secondDecay;
    const Floats length = squareRoot(square) / settings.secondCorrection + settings.epsilon;
    const Floats kept = load(weight + index, extent) * settings.weightDecay;
    store(weight + index, kept - mean / length * settings.stepSize, extent);
    store(first + index, mean, extent);
    store(second + index, square, extent);
  });
}

/** Σ x², by 4,096 terms in float32 and those sums in float64. */
double squaredNorm(const float* x, int64_t count) {
  double total = 0;
  for (int64_t begin = 0; begin < count; begin += 4096) {
    Floats sum{};
    eachVector(std::min<int64_t>(4096, count - begin), [&](int64_t index, auto extent) {
      const Floats value = load(x + begin + index, extent);
      sum += value * value;
    });
    total += sumOf(sum);
  }
  return total;
}
