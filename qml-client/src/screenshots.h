// --screenshots: fills a cluster with a conversation, shows the window offscreen and saves every
// screen as a PNG file.
#pragma once

#include "qml-client/src/options.h"
#include "qml-client/src/photographer.h"

namespace starling_app {

// The program's exit code. Needs an application object. `viewer` is shown each picture.
int take_screenshots(const Options& options, const Photographer::Viewer& viewer = {});

}  // namespace starling_app
