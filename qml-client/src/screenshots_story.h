// The people and the conversation of the pictures.
#pragma once

#include <QString>
#include <QStringList>
#include <string>

#include "starling/client.h"

namespace starling_app {

// Whether a server answers there. Empty, or what to do. Blocks for two seconds at most.
QString look_for_server(const QStringList& servers);

// Makes the accounts and what they said, through a client of its own. Empty, or what went wrong.
// Blocks: for a worker thread.
QString tell_story(const QStringList& servers);

inline constexpr char kStoryPassword[] = "correct horse battery";

}  // namespace starling_app
