/**
 * Compiles the loops of a kernel family once for each instruction set: define TUNEBENCH_LOOPS as the header that holds
 * them and include this inside no namespace. They come out in tunebench::avx512, ::avx2 and ::baseline, each with its
 * own LANES and vector types; TUNEBENCH_VECTORISED picks one. The header must not include anything itself.
 */
#if defined(__x86_64__)

#pragma GCC push_options
#pragma GCC target("avx2,fma,avx512f,avx512bw,avx512dq,avx512vl")
#define TUNEBENCH_AVX512 1
namespace tunebench::avx512 {
constexpr int LANES = 16;
#include "vector.h"
#include TUNEBENCH_LOOPS
}  // namespace tunebench::avx512
#undef TUNEBENCH_AVX512
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx2,fma")
#define TUNEBENCH_AVX2 1
namespace tunebench::avx2 {
constexpr int LANES = 8;
#include "vector.h"
#include TUNEBENCH_LOOPS
}  // namespace tunebench::avx2
#undef TUNEBENCH_AVX2
#pragma GCC pop_options

#endif

namespace tunebench::baseline {
constexpr int LANES = 4;
#include "vector.h"
#include TUNEBENCH_LOOPS
}  // namespace tunebench::baseline
