// Threads for the few calls of the SDK that only block: connecting, the start of an event stream,
// closing.
#pragma once

#include <functional>

namespace starling::python {

// Runs `job` without the GIL on a thread that ends when nothing waits. `kAlone` jobs, which make a
// client or end one, have a thread each, as many as there are clients; the others share two, and
// may wait behind each other for as long as a call may take.
enum class Job { kAlone, kShared };
void run_job(Job kind, std::function<void()> job);

// Threads that a job is still running on, or that are about to end.
int job_threads();

// In the child of a fork.
void forget_jobs();

}  // namespace starling::python
