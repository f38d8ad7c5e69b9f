// The part of a message that shows what a search found in it. A pure function.
#pragma once

#include <QList>
#include <QString>

#include "starling/types.h"

namespace starling_app {

struct Excerpt {
  QString text;     // One line.
  QList<int> hits;  // Start and length of each, in turn; in UTF-16 units of `text`.
};

// About `length` characters around the first hit, with "…" where something is left out.
Excerpt excerpt_of(const starling::SearchHit& hit, int length = 140);

}  // namespace starling_app
