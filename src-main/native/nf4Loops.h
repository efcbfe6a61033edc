// NF4 codes to numbers and back, one block of 64 at a time (https://arxiv.org/abs/2305.14314).

/** The sixteen levels, as a table to look codes up in. */
struct LevelTable {
#if defined(TUNEBENCH_AVX512)
  INLINE LevelTable() : levels(_mm512_loadu_ps(nf4Levels)) {}
  INLINE Floats at(Integers codes) const { return (Floats)_mm512_permutexvar_ps((__m512i)codes, levels); }
  __m512 levels;
#elif defined(TUNEBENCH_AVX2)
  INLINE LevelTable() : lower(_mm256_loadu_ps(nf4Levels)), upper(_mm256_loadu_ps(nf4Levels + 8)) {}
  INLINE Floats at(Integers codes) const {
    const __m256 low = _mm256_permutevar8x32_ps(lower, (__m256i)codes);
    const __m256 high = _mm256_permutevar8x32_ps(upper, (__m256i)codes);
    return codes > 7 ? (Floats)high : (Floats)low;
  }
  __m256 lower, upper;
#else
  INLINE LevelTable() {}
  INLINE Floats at(Integers codes) const {
    Floats values;
    for (int lane = 0; lane < LANES; lane++) values[lane] = nf4Levels[codes[lane]];
    return values;
  }
#endif
};

/** LANES codes from LANES / 2 bytes, the even one of each pair in the high bits. */
INLINE Integers unpackCodes(const uint8_t* bytes) {
  Integers codes;
#if defined(TUNEBENCH_AVX512)
  const __m128i pairs = _mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes));
  const __m512i doubled = _mm512_cvtepu8_epi32(_mm_unpacklo_epi8(pairs, pairs));
  codes = (Integers)_mm512_srlv_epi32(doubled, _mm512_set1_epi64(4));
#elif defined(TUNEBENCH_AVX2)
  int32_t four;
  memcpy(&four, bytes, 4);
  const __m128i pairs = _mm_cvtsi32_si128(four);
  const __m256i doubled = _mm256_cvtepu8_epi32(_mm_unpacklo_epi8(pairs, pairs));
  codes = (Integers)_mm256_srlv_epi32(doubled, _mm256_set1_epi64x(4));
#else
  for (int lane = 0; lane < LANES; lane++) codes[lane] = bytes[lane / 2] >> (lane % 2 == 0 ? 4 : 0);
#endif
  return codes & 15;
}

/** `count` numbers, `count` ≤ 64, of one block. */
template <class T>
void dequantizeBlock(const uint8_t* codes, float scale, T* to, int64_t count) {
  const LevelTable table;
  int64_t index = 0;
  for (; index + LANES <= count; index += LANES)
    store(to + index, table.at(unpackCodes(codes + index / 2)) * scale, Whole{});
  if (index == count) return;
  uint8_t rest[LANES / 2] = {};
  memcpy(rest, codes + index / 2, (count - index + 1) / 2);
  store(to + index, table.at(unpackCodes(rest)) * scale, Part(count - index));
}

template <class T>
void dequantizeBlocks(const uint8_t* codes, const float* scales, T* to, int64_t blocks, int64_t count) {
  for (int64_t block = 0; block < blocks; block++)
    dequantizeBlock(codes + block * 32, scales[block], to + block * 64, std::min<int64_t>(64, count - block * 64));
}

template <class T>
float largestMagnitude(const T* x, int64_t count) {
  Floats most{};
  eachVector(count, [&](int64_t index, auto extent) {
    const Floats value = load(x + index, extent);
    most = larger(value < 0.0f ? -value : value, most);
  });
  return largestOf(most);
}

/** Codes of one block: the nearest level, the lower one of two equally near. */
template <class T>
void quantizeBlock(const T* x, float largest, uint8_t* codes, int64_t count) {
  const float factor = 1.0f / std::max(largest, std::numeric_limits<float>::min());
  uint8_t wide[64 + LANES] = {};
  eachVector(count, [&](int64_t index, auto extent) {
    const Floats value = load(x + index, extent) * factor;
    Integers code{};
    for (int level = 0; level < 15; level++) code -= value > nf4Midpoints[level];
    for (int lane = 0; lane < LANES; lane++) wide[index + lane] = static_cast<uint8_t>(code[lane]);
  });
  for (int64_t index = 0; index < count; index += 2)
    codes[index / 2] = static_cast<uint8_t>(wide[index] << 4 | (index + 1 < count ? wide[index + 1] : 0));
}
