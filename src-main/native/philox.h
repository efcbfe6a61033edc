// Counter-based random numbers (Philox 4×32, ten rounds: https://doi.org/10.1145/2063384.2063405), the very ones
// TensorFlow's StatelessRandomUniformFullInt draws, so that what is dropped here is what Backend.dropoutFactors drops.

/** The products of each lane with a constant: upper and lower 32 bits. */
INLINE void multiplyWide(Words a, uint32_t by, Words& upper, Words& lower) {
  lower = a * by;
#if defined(TUNEBENCH_AVX512)
  const __m512i factor = _mm512_set1_epi32(by);
  const __m512i even = _mm512_mul_epu32((__m512i)a, factor);
  const __m512i odd = _mm512_mul_epu32(_mm512_srli_epi64((__m512i)a, 32), factor);
  upper = (Words)_mm512_mask_blend_epi32(0xaaaa, _mm512_srli_epi64(even, 32), odd);
#elif defined(TUNEBENCH_AVX2)
  const __m256i factor = _mm256_set1_epi32(by);
  const __m256i even = _mm256_mul_epu32((__m256i)a, factor);
  const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64((__m256i)a, 32), factor);
  upper = (Words)_mm256_blend_epi32(_mm256_srli_epi64(even, 32), odd, 0xaa);
#else
  for (int lane = 0; lane < LANES; lane++) upper[lane] = static_cast<uint64_t>(a[lane]) * by >> 32;
#endif
}

/** The draws of one key: draw n depends on nothing but the key and n. */
struct Philox {
  /** Draws of (seed, stream), mixed first so that similar seeds do not give similar draws. */
  static INLINE Philox of(const Drop& random) {
    Philox mixer{{0x3ec8f720u, 0x02461e29u}, {0, 0}};
    Words counter[4];
    for (int word = 0; word < 4; word++) counter[word] = random.words[word] - Words{};
    mixer.rounds(counter);
    return {{counter[0][0], counter[1][0]}, {counter[2][0], counter[3][0]}};
  }

  INLINE void rounds(Words counter[4]) const {
    uint32_t first = key[0], second = key[1];
    for (int round = 0; round < 10; round++, first += 0x9e3779b9u, second += 0xbb67ae85u) {
      Words upper0, lower0, upper1, lower1;
      multiplyWide(counter[0], 0xd2511f53u, upper0, lower0);
      multiplyWide(counter[2], 0xcd9e8d57u, upper1, lower1);
      counter[0] = upper1 ^ counter[1] ^ first;
      counter[1] = lower1;
      counter[2] = upper0 ^ counter[3] ^ second;
      counter[3] = lower0;
    }
  }

  /** The random words number 4 · block … 4 · block + 4 · LANES − 1. */
  INLINE void draw(int64_t block, uint32_t* to) const {
    Words counter[4];
    // Lane 4 · q + k takes block k · LANES / 4 + q: a transposition within 128 bits then puts all in order.
    const Words order = blockOrder();
    const uint32_t low = static_cast<uint32_t>(block), upper = static_cast<uint32_t>(block >> 32);
    counter[0] = order + low;
    counter[1] = (Words)(counter[0] < order) & 1u;
    counter[1] += upper;
    counter[2] = high[0] - Words{};
    counter[3] = high[1] - Words{};
    rounds(counter);
    transposeQuads(counter);
    memcpy(to, counter, sizeof(counter));
  }

  static INLINE Words blockOrder() {
    Words order{};
    for (int lane = 0; lane < LANES; lane++) order[lane] = lane % 4 * (LANES / 4) + lane / 4;
    return order;
  }

  uint32_t key[2];
  uint32_t high[2];
};

/** Elements whose dropout one call of Philox::draw decides: two for a word. */
constexpr int DROPOUT_GROUP = 8 * LANES;

/** The factors 0 or `scale` of elements DROPOUT_GROUP · group … of a tensor: an element falls to one half of a word. */
INLINE void drawFactors(const Philox& philox, const Drop& drop, int64_t group, float* to) {
  uint32_t words[4 * LANES];
  philox.draw(group * LANES, words);
  for (int index = 0; index < DROPOUT_GROUP; index += LANES) {
    Halves halves;
    memcpy(&halves, reinterpret_cast<const char*>(words) + 2 * index, sizeof(halves));
    const Integers value = __builtin_convertvector(halves, Integers);
    store(to + index, value >= drop.threshold ? all(drop.scale) : Floats{}, Whole{});
  }
}
