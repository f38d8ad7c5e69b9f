// The arguments of starling-app.
#pragma once

#include <QString>
#include <QStringList>

namespace starling_app {

struct Options {
  QStringList servers{QStringLiteral("127.0.0.1:5101")};
  bool servers_given = false;     // Else what is remembered goes before the one above.
  QString data_directory;         // Empty: the account's usual place.
  QString screenshots_directory;  // Empty: an ordinary run.
  QString cluster;                // With screenshots: a clusterctl cluster that may be hurt.
  QString language;               // Empty: as is set.
  bool reverse = false;
  QString bench;           // "all", or "start", a part of it. Empty: none.
  int messages = 100'000;  // With bench: of the conversation.
  bool help = false;
  bool version = false;
  QString error;  // Not empty: wrong arguments; one sentence.
};

// `arguments` without the program's own name.
Options parse_options(const QStringList& arguments);
QString help_text();
// False: the sentence says why nothing can be shown and what works all the same.
bool display_available(QString& sentence);
QString unusable_display();  // The sentence when the one that is named cannot be used.

}  // namespace starling_app
