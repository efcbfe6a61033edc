// Vectors of LANES floats and the functions on them. Included once per instruction set, by everyInstructionSet.h.

#define INLINE inline __attribute__((always_inline))

typedef float Floats __attribute__((vector_size(LANES * 4)));
typedef int32_t Integers __attribute__((vector_size(LANES * 4)));
typedef uint32_t Words __attribute__((vector_size(LANES * 4)));
typedef uint16_t Halves __attribute__((vector_size(LANES * 2)));

/** How much of a vector lies inside the data: all of it, or the first `count` lanes of the last one. */
struct Whole {};
struct Part {
  explicit INLINE Part(int64_t inside) : count(inside) {
#if defined(TUNEBENCH_AVX512)
    mask = static_cast<__mmask16>((1u << inside) - 1);
#elif defined(TUNEBENCH_AVX2)
    const Integers lane = {0, 1, 2, 3, 4, 5, 6, 7};
    mask = (__m256i)(lane < static_cast<int32_t>(inside));
#endif
  }
  int64_t count;
#if defined(TUNEBENCH_AVX512)
  __mmask16 mask;
#elif defined(TUNEBENCH_AVX2)
  __m256i mask;
#endif
};

/** `body(index, extent)` for each vector of `count` elements. */
template <class Body>
INLINE void eachVector(int64_t count, Body body) {
  int64_t index = 0;
  for (; index + LANES <= count; index += LANES) body(index, Whole{});
  if (index < count) body(index, Part(count - index));
}

/** A length in whole vectors. */
INLINE int64_t roundUp(int64_t length) { return (length + LANES - 1) / LANES * LANES; }

INLINE Floats all(float value) { return value - Floats{}; }
INLINE Integers allIntegers(int32_t value) { return value - Integers{}; }

// GCC turns `__builtin_convertvector` between 16 and 32 bits into several steps where the processor has one.

INLINE Floats expand(Halves halves) {
#if defined(TUNEBENCH_AVX512)
  return (Floats)_mm512_slli_epi32(_mm512_cvtepu16_epi32((__m256i)halves), 16);
#elif defined(TUNEBENCH_AVX2)
  return (Floats)_mm256_slli_epi32(_mm256_cvtepu16_epi32((__m128i)halves), 16);
#else
  return (Floats)(__builtin_convertvector(halves, Words) << 16);
#endif
}

INLINE Halves lowerHalves(Words words) {
#if defined(TUNEBENCH_AVX512)
  return (Halves)_mm512_cvtepi32_epi16((__m512i)words);
#elif defined(TUNEBENCH_AVX2)
  // Words below 2^16 are packed without saturating; each 128 bits by themselves, so that the middle two change places.
  const __m256i packed = _mm256_packus_epi32((__m256i)words, (__m256i)words);
  return (Halves)_mm256_castsi256_si128(_mm256_permute4x64_epi64(packed, 0x08));
#else
  return __builtin_convertvector(words, Halves);
#endif
}

/** Rounds to nearest, ties to even; a NaN stays one. */
INLINE Halves pack(Floats values) {
  const Words bits = (Words)values;
  const Words rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16;
  const Words quiet = (bits >> 16) | 0x40;
  return lowerHalves(values != values ? quiet : rounded);
}

INLINE Floats load(const float* from, Whole) {
  Floats values;
  memcpy(&values, from, sizeof(values));
  return values;
}
INLINE Floats load(const Bfloat16* from, Whole) {
  Halves halves;
  memcpy(&halves, from, sizeof(halves));
  return expand(halves);
}
INLINE Floats load(const float* from, Part part) {
#if defined(TUNEBENCH_AVX512)
  return (Floats)_mm512_maskz_loadu_ps(part.mask, from);
#elif defined(TUNEBENCH_AVX2)
  return (Floats)_mm256_maskload_ps(from, part.mask);
#else
  Floats values{};
  memcpy(&values, from, part.count * 4);
  return values;
#endif
}
INLINE Floats load(const Bfloat16* from, Part part) {
#if defined(TUNEBENCH_AVX512)
  return expand((Halves)_mm256_maskz_loadu_epi16(part.mask, from));
#else
  Halves halves{};
  memcpy(&halves, from, part.count * 2);
  return expand(halves);
#endif
}
INLINE void store(float* to, Floats values, Whole) { memcpy(to, &values, sizeof(values)); }
INLINE void store(Bfloat16* to, Floats values, Whole) {
  const Halves halves = pack(values);
  memcpy(to, &halves, sizeof(halves));
}
INLINE void store(float* to, Floats values, Part part) {
#if defined(TUNEBENCH_AVX512)
  _mm512_mask_storeu_ps(to, part.mask, (__m512)values);
#elif defined(TUNEBENCH_AVX2)
  _mm256_maskstore_ps(to, part.mask, (__m256)values);
#else
  memcpy(to, &values, part.count * 4);
#endif
}
INLINE void store(Bfloat16* to, Floats values, Part part) {
  const Halves halves = pack(values);
#if defined(TUNEBENCH_AVX512)
  _mm256_mask_storeu_epi16(to, part.mask, (__m256i)halves);
#else
  memcpy(to, &halves, part.count * 2);
#endif
}

/** The values, with `filler` in lanes outside the data. */
INLINE Floats fillOutside(Floats values, float, Whole) { return values; }
INLINE Floats fillOutside(Floats values, float filler, Part part) {
#if defined(TUNEBENCH_AVX512)
  return (Floats)_mm512_mask_mov_ps(_mm512_set1_ps(filler), part.mask, (__m512)values);
#elif defined(TUNEBENCH_AVX2)
  return (Integers)part.mask ? values : all(filler);
#else
  for (int lane = 0; lane < LANES; lane++)
    if (lane >= part.count) values[lane] = filler;
  return values;
#endif
}

INLINE Floats larger(Floats a, Floats b) { return a > b ? a : b; }

INLINE Floats squareRoot(Floats values) {
#if defined(TUNEBENCH_AVX512)
  return (Floats)_mm512_sqrt_ps((__m512)values);
#elif defined(TUNEBENCH_AVX2)
  return (Floats)_mm256_sqrt_ps((__m256)values);
#else
  for (int lane = 0; lane < LANES; lane++) values[lane] = std::sqrt(values[lane]);
  return values;
#endif
}

/** The upper half of the lanes over the lower one, then halves of that: four lanes are left. */
template <class Join>
INLINE void foldToFour(Floats values, float four[4], Join join) {
#if defined(TUNEBENCH_AVX512)
  const __m256 eight = join(_mm512_castps512_ps256((__m512)values), _mm512_extractf32x8_ps((__m512)values, 1));
  _mm_storeu_ps(four, join(_mm256_castps256_ps128(eight), _mm256_extractf128_ps(eight, 1)));
#elif defined(TUNEBENCH_AVX2)
  _mm_storeu_ps(four, join(_mm256_castps256_ps128((__m256)values), _mm256_extractf128_ps((__m256)values, 1)));
#else
  memcpy(four, &values, sizeof(values));
#endif
}

/** Sum of the lanes, always in the same order. */
INLINE float sumOf(Floats values) {
  float four[4];
  foldToFour(values, four, [](auto a, auto b) { return a + b; });
  return (four[0] + four[2]) + (four[1] + four[3]);
}

INLINE float largestOf(Floats values) {
  float four[4];
  foldToFour(values, four, [](auto a, auto b) { return a > b ? a : b; });
  const float first = four[0] > four[2] ? four[0] : four[2], second = four[1] > four[3] ? four[1] : four[3];
  return first > second ? first : second;
}

/** values · 2^power, power whole. */
INLINE Floats scaleByPower(Floats values, Floats power) {
#ifdef TUNEBENCH_AVX512
  return (Floats)_mm512_scalef_ps((__m512)values, (__m512)power);
#else
  // In two halves: 2^128 and 2^-127 are no floats of their own.
  const Integers whole = __builtin_convertvector(power, Integers);
  const Integers half = whole >> 1;
  return values * (Floats)((half + 127) << 23) * (Floats)((whole - half + 127) << 23);
#endif
}

/** e^x within 1.5 units in the last place, 0 and infinity where float32 has no more, NaN for NaN. */
INLINE Floats exponential(Floats x) {
  Floats bounded = x < -104.0f ? all(-104.0f) : x;
  bounded = bounded > 89.0f ? all(89.0f) : bounded;
  // Adding 1.5 · 2^23 leaves the nearest whole number in the low bits.
  const Floats power = (bounded * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
  Floats rest = bounded - power * 0.693359375f;
  rest = rest + power * 2.12194440e-4f;
  // e^r = 1 + r + r² · p(r) on |r| ≤ ln 2 / 2, minimax, relative error 3e-9.
  Floats p = rest * 0.00138145404f + 0.00836874519f;
  p = p * rest + 0.0416683908f;
  p = p * rest + 0.166665204f;
  p = p * rest + 0.499999934f;
  return scaleByPower(rest * rest * p + rest + 1.0f, power);
}

INLINE Floats sigmoid(Floats x) { return 1.0f / (1.0f + exponential(-x)); }

/** Transposes the 4 × 4 words that four vectors have in each 128 bits. */
INLINE void transposeQuads(Words rows[4]) {
#if defined(TUNEBENCH_AVX512)
  const __m512i low01 = _mm512_unpacklo_epi32((__m512i)rows[0], (__m512i)rows[1]);
  const __m512i low23 = _mm512_unpacklo_epi32((__m512i)rows[2], (__m512i)rows[3]);
  const __m512i high01 = _mm512_unpackhi_epi32((__m512i)rows[0], (__m512i)rows[1]);
  const __m512i high23 = _mm512_unpackhi_epi32((__m512i)rows[2], (__m512i)rows[3]);
  rows[0] = (Words)_mm512_unpacklo_epi64(low01, low23);
  rows[1] = (Words)_mm512_unpackhi_epi64(low01, low23);
  rows[2] = (Words)_mm512_unpacklo_epi64(high01, high23);
  rows[3] = (Words)_mm512_unpackhi_epi64(high01, high23);
#elif defined(TUNEBENCH_AVX2)
  const __m256i low01 = _mm256_unpacklo_epi32((__m256i)rows[0], (__m256i)rows[1]);
  const __m256i low23 = _mm256_unpacklo_epi32((__m256i)rows[2], (__m256i)rows[3]);
  const __m256i high01 = _mm256_unpackhi_epi32((__m256i)rows[0], (__m256i)rows[1]);
  const __m256i high23 = _mm256_unpackhi_epi32((__m256i)rows[2], (__m256i)rows[3]);
  rows[0] = (Words)_mm256_unpacklo_epi64(low01, low23);
  rows[1] = (Words)_mm256_unpackhi_epi64(low01, low23);
  rows[2] = (Words)_mm256_unpacklo_epi64(high01, high23);
  rows[3] = (Words)_mm256_unpackhi_epi64(high01, high23);
#else
  for (int row = 0; row < 4; row++)
    for (int lane = row + 1; lane < 4; lane++) {
      const uint32_t kept = rows[row][lane];
      rows[row][lane] = rows[lane][row];
      rows[lane][row] = kept;
    }
#endif
}

/** Four floats of each of LANES / 4 rows that lie `step` apart. */
INLINE Words loadQuads(const float* from, int64_t step) {
  Words values;
#if defined(TUNEBENCH_AVX512)
  const __m256 lower = _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from)), _mm_loadu_ps(from + step), 1);
  const __m256 upper =
      _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from + 2 * step)), _mm_loadu_ps(from + 3 * step), 1);
  values = (Words)_mm512_insertf32x8(_mm512_castps256_ps512(lower), upper, 1);
#elif defined(TUNEBENCH_AVX2)
  values =
      (Words)_mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(from)), _mm_loadu_ps(from + step), 1);
#else
  memcpy(&values, from, sizeof(values));
#endif
  return values;
}
