// What a Store is made of. Internal to server/chat.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <string>

#include "server/chat/apply.h"
#include "server/chat/schema.h"
#include "server/chat/store.h"

namespace starling::chat {

struct Store::Impl {
  sqlite::Status load();
  sqlite::Status apply_all(std::span<const Committed> entries, ApplyResult& result, Meta& now);
  sqlite::Status checkpoint_once(bool& complete);

  sqlite::Database database;
  Tables tables{database};  // Declared after the database: its statements go first.
  Applier applier{tables};
  Meta meta;  // As of the last committed transaction. The writer's only.

  // For stores in a file. The checkpointer and durable_index are checkpoint()'s only.
  std::string path;
  sqlite::Database checkpointer;
  std::uint64_t durable_index = 0;
  std::mutex gate;  // Held by apply() throughout, and by the last bit of a long checkpoint.
};

}  // namespace starling::chat
