// Ctrl-C and SIGTERM ask for an end; what was started is then taken down.
#pragma once

namespace starling::bench {

void catch_stop_signals();
bool stop_asked();

}  // namespace starling::bench
