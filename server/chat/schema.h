// The tables of chat.db, and the one row that says where the store stands. Internal to server/chat.
#pragma once

#include <cstdint>

#include "server/chat/commands.h"
#include "server/sqlite/sqlite.h"

namespace starling::chat {

struct Meta {
  std::uint64_t applied_index = 0;
  TimeMs time_ms = 0;
  std::uint64_t rows_hash = 0;  // The sum of all rows' hashes.
  std::uint64_t retention_floor = 0;
};

// Makes the tables in an empty database; refuses one of another version.
sqlite::Status prepare_schema(sqlite::Database& database);

sqlite::Status read_meta(sqlite::Database& database, Meta& out);

}  // namespace starling::chat
