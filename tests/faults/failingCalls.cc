// Preloaded into a process: the n-th call that changes a file below one folder fails, or kills the process. The file
// named by TUNEBENCH_FAULT_PLAN, which every process under test maps, says which and how; failingCalls.ts writes it.
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

namespace {

// The same layout as in failingCalls.ts.
struct Plan {
  int32_t armed;
  int32_t at;
  int32_t error;  // an errno, or 0 to be killed
  int32_t for_good;
  int32_t calls;
  int32_t fired;
  char folder[1024];
  char last[1024];  // what fired, for messages
};

template <typename Function>
Function Real(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

Plan* MapPlan() {
  const char* path = getenv("TUNEBENCH_FAULT_PLAN");
  if (path == nullptr) return nullptr;
  const int descriptor = static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0));
  if (descriptor < 0) return nullptr;
  void* mapped = mmap(nullptr, sizeof(Plan), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  syscall(SYS_close, descriptor);
  return mapped == MAP_FAILED ? nullptr : static_cast<Plan*>(mapped);
}

Plan* plan() {
  static Plan* mapped = MapPlan();
  return mapped;
}

// A removal frees space: on a full disk it works.
enum class Kind { kChange, kRemoval };

// Whether this call is to fail; errno is set then.
bool Fires(Kind kind, const char* name, const char* path) {
  Plan* current = plan();
  if (current == nullptr || __atomic_load_n(&current->armed, __ATOMIC_SEQ_CST) == 0) return false;
  if (kind == Kind::kRemoval && current->error == ENOSPC) return false;
  if (strncmp(path, current->folder, strlen(current->folder)) != 0) return false;
  const int32_t call = __atomic_add_fetch(&current->calls, 1, __ATOMIC_SEQ_CST);
  if (call != current->at && !(current->for_good != 0 && call > current->at)) return false;
  if (__atomic_exchange_n(&current->fired, 1, __ATOMIC_SEQ_CST) == 0) {
    snprintf(current->last, sizeof(current->last), "%s %s", name, path);
  }
  if (current->error == 0) raise(SIGKILL);
  errno = current->error;
  return true;
}

bool PathOf(int descriptor, char* path) {
  if (plan() == nullptr || plan()->armed == 0) return false;
  char link[64];
  snprintf(link, sizeof(link), "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, path, PATH_MAX - 1);
  if (length < 0) return false;
  path[length] = '\0';
  return true;
}

bool FiresOn(int descriptor, const char* name) {
  char path[PATH_MAX];
  const int before = errno;
  const bool known = PathOf(descriptor, path);
  errno = before;
  return known && Fires(Kind::kChange, name, path);
}

bool FiresAt(int folder, const char* path, Kind kind, const char* name) {
  if (path[0] == '/' || folder == AT_FDCWD) return Fires(kind, name, path);
  char whole[2 * PATH_MAX];
  const int before = errno;
  const bool known = PathOf(folder, whole);
  errno = before;
  if (!known) return false;
  const size_t length = strlen(whole);
  snprintf(whole + length, sizeof(whole) - length, "/%s", path);
  return Fires(kind, name, whole);
}

bool ChangesFile(int flags) { return (flags & (O_CREAT | O_TRUNC | O_WRONLY)) != 0; }

}  // namespace

extern "C" {

#define OPEN(NAME)                                                                  \
  int NAME(const char* path, int flags, ...) {                                      \
    va_list arguments;                                                              \
    va_start(arguments, flags);                                                     \
    const mode_t mode = static_cast<mode_t>(va_arg(arguments, int));                \
    va_end(arguments);                                                              \
    if (ChangesFile(flags) && Fires(Kind::kChange, "open", path)) return -1;        \
    static auto real = Real<int (*)(const char*, int, ...)>(#NAME);                 \
    return real(path, flags, mode);                                                 \
  }
OPEN(open)
OPEN(open64)

// Half of what was to be written lands on the disk, then the call fails: a torn write.
ssize_t write(int descriptor, const void* bytes, size_t count) {
  static auto real = Real<ssize_t (*)(int, const void*, size_t)>("write");
  if (FiresOn(descriptor, "write")) {
    const int error = errno;
    if (real(descriptor, bytes, count / 2) < 0) return -1;
    errno = error;
    return -1;
  }
  return real(descriptor, bytes, count);
}

#define PWRITE(NAME, OFFSET)                                                        \
  ssize_t NAME(int descriptor, const void* bytes, size_t count, OFFSET offset) {    \
    static auto real = Real<ssize_t (*)(int, const void*, size_t, OFFSET)>(#NAME);  \
    if (FiresOn(descriptor, "pwrite")) {                                            \
      const int error = errno;                                                      \
      if (real(descriptor, bytes, count / 2, offset) < 0) return -1;                \
      errno = error;                                                                \
      return -1;                                                                    \
    }                                                                               \
    return real(descriptor, bytes, count, offset);                                  \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t writev(int descriptor, const struct iovec* parts, int count) {
  static auto real = Real<ssize_t (*)(int, const struct iovec*, int)>("writev");
  return FiresOn(descriptor, "writev") ? -1 : real(descriptor, parts, count);
}

#define ON_DESCRIPTOR(NAME)                                                         \
  int NAME(int descriptor) {                                                        \
    static auto real = Real<int (*)(int)>(#NAME);                                   \
    return FiresOn(descriptor, #NAME) ? -1 : real(descriptor);                      \
  }
ON_DESCRIPTOR(fsync)
ON_DESCRIPTOR(fdatasync)

#define TRUNCATE(NAME, OFFSET)                                                      \
  int NAME(int descriptor, OFFSET size) {                                           \
    static auto real = Real<int (*)(int, OFFSET)>(#NAME);                           \
    return FiresOn(descriptor, "ftruncate") ? -1 : real(descriptor, size);          \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int rename(const char* from, const char* to) {
  static auto real = Real<int (*)(const char*, const char*)>("rename");
  return Fires(Kind::kChange, "rename", to) ? -1 : real(from, to);
}

int mkdir(const char* path, mode_t mode) {
  static auto real = Real<int (*)(const char*, mode_t)>("mkdir");
  return Fires(Kind::kChange, "mkdir", path) ? -1 : real(path, mode);
}

int unlink(const char* path) {
  static auto real = Real<int (*)(const char*)>("unlink");
  return Fires(Kind::kRemoval, "unlink", path) ? -1 : real(path);
}

int rmdir(const char* path) {
  static auto real = Real<int (*)(const char*)>("rmdir");
  return Fires(Kind::kRemoval, "rmdir", path) ? -1 : real(path);
}

int unlinkat(int folder, const char* path, int flags) {
  static auto real = Real<int (*)(int, const char*, int)>("unlinkat");
  return FiresAt(folder, path, Kind::kRemoval, "unlinkat") ? -1 : real(folder, path, flags);
}

int remove(const char* path) {
  static auto real = Real<int (*)(const char*)>("remove");
  return Fires(Kind::kRemoval, "remove", path) ? -1 : real(path);
}

}  // extern "C"
