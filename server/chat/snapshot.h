// Copies of a chat store: made while the store goes on, and checked before one takes a store's
// place.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "server/chat/commands.h"
#include "server/sqlite/sqlite.h"

namespace starling::chat {

// Where a copy stands.
struct CopyInfo {
  std::uint64_t applied_index = 0;
  TimeMs time_ms = 0;
  std::uint64_t state_hash = 0;
};

// Copies the store at `from` into the fresh file `to`, as of one moment; its writer goes on
// meanwhile. `go_on` is asked about every mebibyte and may wait; false stops it. The copy is not
// synced. Memory: a few mebibytes whatever the size. Blocks; from any thread.
sqlite::Status copy_store(const std::string& from, const std::string& to,
                          const std::function<bool()>& go_on, CopyInfo& info);

// Whether the file is a whole chat store of this index whose rows have this hash: both the one that
// it carries and the one computed anew from all rows (R4.6); and whether its indexes are those of
// its rows. Blocks as long as reading it all takes.
sqlite::Status check_copy(const std::string& path, std::uint64_t applied_index,
                          std::uint64_t state_hash);

}  // namespace starling::chat
