// Rotary position embedding, half-split (https://arxiv.org/abs/2104.09864): lane i turns with lane i + half.

/**
 * One head's vector of `size`, of which the first 2 · half turn: y = x · cos + swapped(x) · sin, where the first half of
 * `sines` holds the negative sines; backwards the other way.
 */
template <class T>
void turn(const T* x, const float* cosines, const float* sines, T* y, int64_t half, int64_t size, bool backwards) {
  const float sign = backwards ? -1.0f : 1.0f;
  eachVector(half, [&](int64_t index, auto extent) {
    const Floats first = load(x + index, extent), second = load(x + half + index, extent);
    const Floats sin1 = load(sines + index, extent) * sign, sin2 = load(sines + half + index, extent) * sign;
    store(y + index, first * load(cosines + index, extent) + second * sin1, extent);
    store(y + half + index, second * load(cosines + half + index, extent) + first * sin2, extent);
  });
  if (size > 2 * half) memcpy(y + 2 * half, x + 2 * half, (size - 2 * half) * sizeof(T));
}
