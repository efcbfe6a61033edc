// Layer normalisation (https://arxiv.org/abs/1607.06450) and root-mean-square normalisation
// (https://arxiv.org/abs/1910.07467) over rows `[rows, width]`.

/** Sum of a row's (x − shift)^power, power 1 or 2. */
template <bool squared, class T>
INLINE float sumOfRow(const T* x, float shift, int64_t width) {
  Floats first{}, second{};
  int64_t index = 0;
  for (; index + 2 * LANES <= width; index += 2 * LANES) {
    const Floats a = load(x + index, Whole{}) - shift, b = load(x + index + LANES, Whole{}) - shift;
    first += squared ? a * a : a;
    second += squared ? b * b : b;
  }
  eachVector(width - index, [&](int64_t rest, auto extent) {
    const Floats a = fillOutside(load(x + index + rest, extent) - shift, 0.0f, extent);
    first += squared ? a * a : a;
  });
  return sumOf(first + second);
}

/** y of each row; `means` (null unless centred) and `scales` = 1/√(variance + ε) are kept for the gradient. */
template <class T, class U>
void normRows(const T* x, const T* residual, T* sum, U* y, float* means, float* scales, NormWeights norm,
              int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; row++, x += width, y += width) {
    const T* from = x;
    if (residual) {
      eachVector(width, [&](int64_t index, auto extent) {
        store(sum + index, load(x + index, extent) + load(residual + index, extent), extent);
      });
      from = sum;
      residual += width;
      sum += width;
    }
    const float mean = norm.centered ? sumOfRow<false>(from, 0.0f, width) / width : 0.0f;
    const float variance = sumOfRow<true>(from, mean, width) / width;
    const float scale = 1.0f / std::sqrt(variance + norm.epsilon);
    if (norm.centered) means[row] = mean;
    scales[row] = scale;
    eachVector(width, [&](int64_t index, auto extent) {
      Floats value = (load(from + index, extent) - mean) * scale * load(norm.weight + index, extent);
      if (norm.bias) value += load(norm.bias + index, extent);
      store(y + index, value, extent);
    });
  }
}

/**
 * With x̂ = (x − mean) · scale and g = gradient · weight: dx = scale · (g − mean(g) − x̂ · mean(g · x̂)), without mean(g)
 * where not centred; plus `passing`, the gradient of x by other ways. Sums for weight and bias are added up.
 */
template <class T, class U>
void normGradientRows(const U* gradient, const T* x, const float* means, const float* scales, const float* weight,
                      const T* passing, T* dx, float* weightSum, float* biasSum, int64_t rows, int64_t width) {
  for (int64_t row = 0; row < rows; row++, gradient += width, x += width, dx += width) {
    const float mean = means ? means[row] : 0.0f, scale = scales[row];
    Floats sum{}, product{};
    eachVector(width, [&](int64_t index, auto extent) {
      const Floats incoming = load(gradient + index, extent);
      const Floats normal = fillOutside((load(x + index, extent) - mean) * scale, 0.0f, extent);
      const Floats g = incoming * load(weight + index, extent);
      sum += g;
      product += g * normal;
      if (weightSum) store(weightSum + index, load(weightSum + index, extent) + incoming * normal, extent);
      if (biasSum) store(biasSum + index, load(biasSum + index, extent) + incoming, extent);
    });
    const float meanOfG = means ? sumOf(sum) / width : 0.0f, meanOfProduct = sumOf(product) / width;
    eachVector(width, [&](int64_t index, auto extent) {
      const Floats normal = (load(x + index, extent) - mean) * scale;
      const Floats g = load(gradient + index, extent) * load(weight + index, extent);
      Floats result = (g - meanOfG - normal * meanOfProduct) * scale;
      if (passing) result += load(passing + index, extent);
      store(dx + index, result, extent);
    });
    if (passing) passing += width;
  }
}
