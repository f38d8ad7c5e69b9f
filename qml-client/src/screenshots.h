// --screenshots: fills a cluster with a conversation, shows the window offscreen and saves every
// screen as a PNG file.
#pragma once

#include "qml-client/src/options.h"

namespace starling_app {

// The program's exit code. Needs an application object.
int take_screenshots(const Options& options);

}  // namespace starling_app
