/** Which vector instructions the kernels use, chosen when the add-on loads. */
#ifndef TUNEBENCH_INSTRUCTION_SET_H_
#define TUNEBENCH_INSTRUCTION_SET_H_

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace tunebench {

enum class InstructionSet { baseline, avx2, avx512 };

InstructionSet instructionSet();

const char* nameOf(InstructionSet set);

/** Uses another one from now on; false where the name is unknown or this processor lacks it. */
bool useInstructionSet(const char* name);

}  // namespace tunebench

/** Calls a loop compiled for each instruction set (see everyInstructionSet.h) in the version chosen. */
#if defined(__x86_64__)
#define TUNEBENCH_VECTORISED(function, ...)                                                              \
  (instructionSet() == InstructionSet::avx512  ? avx512::function(__VA_ARGS__)                           \
   : instructionSet() == InstructionSet::avx2 ? avx2::function(__VA_ARGS__)                              \
                                              : baseline::function(__VA_ARGS__))
#else
#define TUNEBENCH_VECTORISED(function, ...) baseline::function(__VA_ARGS__)
#endif

#endif
