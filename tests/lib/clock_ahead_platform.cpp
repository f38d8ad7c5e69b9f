// Preloaded into a program (LD_PRELOAD): its wall clock is STARLING_CLOCK_AHEAD_S seconds ahead.
// Its monotonic clock is as it is, so it waits no shorter and no longer.
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

time_t ahead() {
  static const time_t seconds = [] {
    const char* text = std::getenv("STARLING_CLOCK_AHEAD_S");
    return text == nullptr ? 0 : static_cast<time_t>(std::atoll(text));
  }();
  return seconds;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, struct timespec* now) noexcept {
  const long result = syscall(SYS_clock_gettime, clock, now);
  if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    now->tv_sec += ahead();
  }
  return static_cast<int>(result);
}

int gettimeofday(struct timeval* now, void*) noexcept {
  struct timespec exact = {};
  if (clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t* out) noexcept {
  struct timespec exact = {};
  if (clock_gettime(CLOCK_REALTIME, &exact) != 0) return -1;
  if (out != nullptr) *out = exact.tv_sec;
  return exact.tv_sec;
}

}  // extern "C"
