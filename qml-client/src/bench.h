// --bench: how fast the app starts, scrolls and takes keys, on a cluster that is filled for it. The
// window is the real one, drawn in software without a display.
#pragma once

#include "qml-client/src/options.h"

namespace starling_app {

// The program's exit code. Needs an application object. --bench all makes two accounts and
// options.messages messages in the cluster, for good; --bench start measures starting only, and
// needs no cluster.
int run_bench(const Options& options);

// --bench ready, which the above runs for each trial of starting: shows the window and says "ready"
// on stdout when it has been drawn and a key has arrived in it.
int run_start(const Options& options);

}  // namespace starling_app
