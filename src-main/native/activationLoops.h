// GELU in both forms (https://arxiv.org/abs/1606.08415) and SiLU · gate (https://arxiv.org/abs/2002.05202).

struct GeluParts {
  Floats cumulative;  // Φ(x)
  Floats density;     // φ(x)
};

/**
 * Φ and φ of the normal distribution. For the lower tail Φ(−|x|) = e^(−x²/2) · t · p(t) with t = 1/(1 + 0.296875·|x|),
 * minimax on |x| ≤ 14.5, relative error 3e-9: both share the exponential.
 */
INLINE GeluParts normal(Floats x) {
  const Floats magnitude = x < 0.0f ? -x : x;
  const Floats t = 1.0f / (magnitude * 0.296875f + 1.0f);
  Floats p = t * -0.020470906f + 0.114960045f;
  p = p * t + -0.242757075f;
  p = p * t + 0.218151199f;
  p = p * t + -0.0982697874f;
  p = p * t + 0.106701411f;
  p = p * t + 0.0750781797f;
  p = p * t + 0.109900046f;
  p = p * t + 0.118264148f;
  p = p * t + 0.11844274f;
  const Floats bell = exponential(x * x * -0.5f);
  const Floats tail = bell * t * p;
  return {x < 0.0f ? tail : 1.0f - tail, bell * 0.398942280401432678f};
}

constexpr float tanhScale = 0.797884560802865356f;  // √(2/π)
constexpr float tanhCubic = 0.044715f;

/** ½(1 + tanh(√(2/π)(x + 0.044715x³))), as a sigmoid: tanh would cancel on the negative side. */
INLINE Floats tanhGate(Floats x) {
  return sigmoid((x * x * x * tanhCubic + x) * (2.0f * tanhScale));
}

struct GeluErf {
  static INLINE Floats value(Floats x) { return x * normal(x).cumulative; }
  static INLINE Floats slope(Floats x) {
    const GeluParts parts = normal(x);
    return x * parts.density + parts.cumulative;
  }
};

struct GeluTanh {
  static INLINE Floats value(Floats x) { return x * tanhGate(x); }
  static INLINE Floats slope(Floats x) {
    const Floats gate = tanhGate(x);
    const Floats inner = (x * x * (3.0f * tanhCubic) + 1.0f) * (2.0f * tanhScale);
    return x * (gate * (1.0f - gate)) * inner + gate;
  }
};

template <class Form, class T>
INLINE void geluRow(const T* x, const float* bias, T* y, int64_t width) {
  eachVector(width, [&](int64_t index, auto extent) {
    Floats value = load(x + index, extent);
    if (bias) value += load(bias + index, extent);
    store(y + index, Form::value(value), extent);
  });
}

/** y = gelu(x + bias) over rows `[rows, width]`. */
template <class T>
void geluRows(const T* x, const float* bias, T* y, int64_t rows, int64_t width, bool tanhForm) {
  for (int64_t row = 0; row < rows; row++, x += width, y += width) {
    if (tanhForm) {
      geluRow<GeluTanh>(x, bias, y, width);
    } else {
      geluRow<GeluErf>(x, bias, y, width);
    }
  }
}

template <class Form, class T>
INLINE void geluGradientRow(const T* gradient, const T* x, const float* bias, T* dx, float* biasSum, int64_t width) {
  eachVector(width, [&](int64_t index, auto extent) {
    Floats value = load(x + index, extent);
    if (bias) value += load(bias + index, extent);
    const Floats result = load(gradient + index, extent) * Form::slope(value);
    store(dx + index, result, extent);
    if (biasSum) store(biasSum + index, load(biasSum + index, extent) + result, extent);
  });
}

/** dx of gelu(x + bias), and its sum over the rows added to `biasSum` where that is not null. */
template <class T>
void geluGradientRows(const T* gradient, const T* x, const float* bias, T* dx, float* biasSum, int64_t rows,
                      int64_t width, bool tanhForm) {
  for (int64_t row = 0; row < rows; row++, gradient += width, x += width, dx += width) {
    if (tanhForm) {
      geluGradientRow<GeluTanh>(gradient, x, bias, dx, biasSum, width);
    } else {
      geluGradientRow<GeluErf>(gradient, x, bias, dx, biasSum, width);
    }
  }
}

/** y = gate · sigmoid(gate) · up. */
template <class T>
void siluGate(const T* gate, const T* up, T* y, int64_t count) {
  eachVector(count, [&](int64_t index, auto extent) {
    const Floats value = load(gate + index, extent);
    store(y + index, value * sigmoid(value) * load(up + index, extent), extent);
  });
}

template <class T>
void siluGateGradient(const T* gradient, const T* gate, const T* up, T* dgate, T* dup, int64_t count) {
  eachVector(count, [&](int64_t index, auto extent) {
    const Floats incoming = load(gradient + index, extent);
    const Floats value = load(gate + index, extent);
    const Floats share = sigmoid(value);
    const Floats slope = share * (value * (1.0f - share) + 1.0f);
    store(dgate + index, incoming * load(up + index, extent) * slope, extent);
    store(dup + index, incoming * value * share, extent);
  });
}
