// Worker processes: a seed that aborts the core must not take the sweep with it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace starling::sim {

// Ends this process, with kGuardExit and a last line to stderr, when limit_s have passed on the
// wall: a seed that hangs has to say so. One that was hardly given the CPU meanwhile gets more
// time, ten times as much at the most. A new call takes the place of the last one; 0 ends it.
void guard(unsigned limit_s, const std::string& last_line);
inline constexpr int kGuardExit = 4;

enum class WorkerEnd { kDone, kDied, kGuarded };

// Runs work(job, say) for every job in [0, jobs) in a process of its own; each line that a worker
// says comes to `heard` in this process. Returns how each worker ended.
std::vector<WorkerEnd> run_workers(
    int jobs,
    const std::function<void(int job, const std::function<void(const std::string&)>&)>& work,
    const std::function<void(int job, const std::string& line)>& heard);

}  // namespace starling::sim
