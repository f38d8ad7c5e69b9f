// Threads for the few calls of the SDK that only block: connecting, the start of an event stream,
// closing.
#pragma once

#include <functional>

namespace starling::python {

// Runs `job` without the GIL on a thread that ends when nothing waits. `kConnect` jobs have a
// thread each, like the clients that they make; the others share at most four.
enum class Job { kConnect, kOther };
void run_job(Job kind, std::function<void()> job);

// Threads that a job is still running on, or that are about to end.
int job_threads();

// In the child of a fork.
void forget_jobs();

}  // namespace starling::python
