// How well a few typed letters fit a name.
#pragma once

#include <QString>

namespace starling_app {

// The letters of `typed` in this order in `text`, others between them, whatever their case and
// accents. -1: they are not there. Higher is better: letters in a row, at the beginning of a word,
// or of the whole, count more, and a short text more than a long one. An empty `typed` fits all: 0.
int fuzzy_score(const QString& typed, const QString& text);

}  // namespace starling_app
