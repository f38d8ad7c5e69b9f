// Where a search goes on: what a client was given with a page, and brings back for the next.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

#include "server/chat/events.h"

namespace starling::search {

constexpr int kWindow = 1'000;  // So many matches are ranked.
constexpr chat::MessageId kNewest = std::numeric_limits<chat::MessageId>::max();

// "w<newest id>.<place>": so far into the ranked window that ends at that id; "o<id>": the ones
// before that id; nothing: from the beginning.
struct PageToken {
  bool ranked = true;
  chat::MessageId id = kNewest;
  std::size_t place = 0;
};

// False for what no search has given.
bool parse_page_token(std::string_view text, PageToken& out);

}  // namespace starling::search
