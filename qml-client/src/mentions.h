// The names behind an '@', by the rules of the servers: the '@' begins a word, the name is 1 to 32
// of [a-z0-9._-], and a dot or a dash behind it ends the sentence.
#pragma once

#include <QString>
#include <string>
#include <vector>

namespace starling_app {

struct Mention {
  int start = 0;  // Of the '@'.
  int length = 0;
  QString name;
};

std::vector<Mention> mentions_in(const QString& body);
bool mentions(const std::string& body, const QString& name);

// What is typed before the cursor, when it is the beginning of a mention.
struct MentionPrefix {
  int start = -1;  // Of the '@'; -1: it is none.
  QString prefix;  // May be empty: only the '@'.
};
MentionPrefix mention_before(const QString& text, int cursor);

}  // namespace starling_app
