// Whether a store's tables and indexes are made as they should be, and each index holds what its
// table holds. Internal to server/chat.
#pragma once

#include "server/sqlite/sqlite.h"

namespace starling::chat {

// Ok: it is so. Takes about as long as reading the store twice.
sqlite::Status check_indexes(sqlite::Database& database);

}  // namespace starling::chat
