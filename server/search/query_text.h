// What people type into a search field, taken apart: words, "phrases", beginnings of words, and the
// filters from:, in:, before: and after:.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "server/chat/commands.h"

namespace starling::search {

inline constexpr std::size_t kMaxQueryBytes = 512;
inline constexpr std::size_t kMaxTerms = 16;

struct QueryText {
  // The words as an expression for FTS5, all of which have to be there; empty: filters only.
  std::string expression;
  std::vector<std::string> from;      // Names of senders: any of them. "me" is the caller.
  std::vector<std::string> in;        // Titles of conversations or names: any of them.
  std::optional<chat::TimeMs> since;  // Sent then or later,
  std::optional<chat::TimeMs> until;  // and before then.
  std::string error;                  // A sentence for people; all else is empty then.
};

// Terms are words, all of them wanted; "a phrase" has its words side by side; wor* begins so, and
// so may the last word when nothing follows it, as somebody still types it. from:ada, in:bob,
// in:"the title"; before:2026-11-26 and after:2026-11-26 are days of UTC, and exclude that day.
// A filter's name in other words, or in quotes, is a word like any other.
QueryText parse_query(std::string_view text);

}  // namespace starling::search
