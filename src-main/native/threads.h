/** A small pool of threads that sleep between calls: spinning ones would take the cores from TensorFlow's own pool. */
#ifndef TUNEBENCH_THREADS_H_
#define TUNEBENCH_THREADS_H_

#include <cstdint>

namespace tunebench {

/** How many threads work on a call, the calling one included. */
int threads();

/** Changes it, between 1 and the number found at start. */
void useThreads(int wanted);

void runTasks(int64_t count, void (*task)(const void* body, int64_t index), const void* body);

/**
 * Runs `body(0)` … `body(count - 1)`, each once, in any order and on any thread; returns when all are done. Results must
 * not depend on which thread ran what: tasks write to separate places.
 */
template <class Body>
void parallelFor(int64_t count, const Body& body) {
  runTasks(
      count, [](const void* stored, int64_t index) { (*static_cast<const Body*>(stored))(index); }, &body);
}

}  // namespace tunebench

#endif
