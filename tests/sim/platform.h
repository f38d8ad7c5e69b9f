// Worker processes: a seed that aborts the core must not take the sweep with it.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace starling::sim {

// Runs work(job, say) for every job in [0, jobs) in a process of its own; each line that a worker
// says comes to `heard` in this process. Returns how many workers ended other than by returning.
int run_workers(
    int jobs,
    const std::function<void(int job, const std::function<void(const std::string&)>&)>& work,
    const std::function<void(int job, const std::string& line)>& heard);

}  // namespace starling::sim
