#include "threads.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace tunebench {

namespace {

constexpr int maximumThreads = 64;

/** The processors this process may run on, or what TUNEBENCH_THREADS asks for. */
int findThreads() {
  int found = static_cast<int>(std::thread::hardware_concurrency());
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) found = CPU_COUNT(&allowed);
#endif
  if (const char* wanted = std::getenv("TUNEBENCH_THREADS")) found = std::atoi(wanted);
  return std::clamp(found, 1, maximumThreads);
}

/** How this thread treats rounding and numbers too small for a full mantissa: TensorFlow flushes those to 0. */
unsigned floatMode() {
#if defined(__x86_64__)
  return _mm_getcsr();
#else
  return 0;
#endif
}

void useFloatMode(unsigned mode) {
#if defined(__x86_64__)
  _mm_setcsr(mode);
#endif
}

/** One parallel call. */
struct Region {
  int64_t count;
  void (*task)(const void*, int64_t);
  const void* body;
  std::atomic<int64_t> next{0};
  int helpersWanted;
  int helpersInside = 0;
  /** Of the calling thread: the others must give the same bits. */
  unsigned mode = floatMode();

  void work() {
    for (int64_t index = next.fetch_add(1); index < count; index = next.fetch_add(1)) task(body, index);
  }
};

class Pool {
 public:
  Pool() : found_(findThreads()), used_(found_) {
    for (int helper = 1; helper < found_; helper++) std::thread([this] { help(); }).detach();
  }

  int used() const { return used_; }
  void use(int wanted) { used_ = std::clamp(wanted, 1, found_); }

  void run(Region& region) {
    // A second JavaScript thread does its work alone while the pool is taken.
    std::unique_lock<std::mutex> mine(taken_, std::try_to_lock);
    region.helpersWanted = static_cast<int>(std::min<int64_t>(used_ - 1, region.count - 1));
    if (!mine.owns_lock() || region.helpersWanted <= 0) return region.work();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      current_ = &region;
    }
    for (int helper = 0; helper < region.helpersWanted; helper++) wake_.notify_one();
    region.work();
    std::unique_lock<std::mutex> lock(mutex_);
    current_ = nullptr;
    done_.wait(lock, [&] { return region.helpersInside == 0; });
  }

 private:
  void help() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wake_.wait(lock, [this] { return current_ && current_->helpersWanted > 0; });
      Region& region = *current_;
      region.helpersWanted--;
      region.helpersInside++;
      lock.unlock();
      useFloatMode(region.mode);
      region.work();
      lock.lock();
      if (--region.helpersInside == 0) done_.notify_one();
    }
  }

  const int found_;
  std::atomic<int> used_;
  std::mutex taken_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable done_;
  Region* current_ = nullptr;
};

/** Never destroyed: its threads live as long as the process. */
Pool& pool() {
  static Pool* instance = new Pool;
  return *instance;
}

}  // namespace

int threads() { return pool().used(); }

void useThreads(int wanted) { pool().use(wanted); }

void runTasks(int64_t count, void (*task)(const void*, int64_t), const void* body) {
  if (count <= 0) return;
  if (count == 1) return task(body, 0);
  Region region{count, task, body};
  pool().run(region);
}

}  // namespace tunebench
