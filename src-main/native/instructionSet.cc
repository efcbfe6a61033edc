#include "instructionSet.h"

#include <atomic>
#include <cstdlib>
#include <cstring>

namespace tunebench {

namespace {

bool has(InstructionSet set) {
#if defined(__x86_64__)
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (set == InstructionSet::avx2) return avx2;
  if (set == InstructionSet::avx512)
    return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
  return set == InstructionSet::baseline;
}

constexpr InstructionSet all[] = {InstructionSet::avx512, InstructionSet::avx2, InstructionSet::baseline};

/** The best one, or what TUNEBENCH_INSTRUCTIONS names where the processor has it. */
InstructionSet choose() {
  const char* wanted = std::getenv("TUNEBENCH_INSTRUCTIONS");
  if (wanted)
    for (InstructionSet set : all)
      if (has(set) && std::strcmp(wanted, nameOf(set)) == 0) return set;
  for (InstructionSet set : all)
    if (has(set)) return set;
  return InstructionSet::baseline;
}

std::atomic<InstructionSet> chosen{choose()};

}  // namespace

InstructionSet instructionSet() { return chosen.load(std::memory_order_relaxed); }

const char* nameOf(InstructionSet set) {
  if (set == InstructionSet::avx512) return "avx512";
  return set == InstructionSet::avx2 ? "avx2" : "baseline";
}

bool useInstructionSet(const char* name) {
  for (InstructionSet set : all) {
    if (!has(set) || std::strcmp(name, nameOf(set)) != 0) continue;
    chosen = set;
    return true;
  }
  return false;
}

}  // namespace tunebench
