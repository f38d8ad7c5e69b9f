// Prepared statements that are made at first use and kept, and the guard that always resets them.
// Internal to server/chat and server/search.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "server/sqlite/sqlite.h"

// Hands an error on to the caller.
#define CHAT_TRY(expression)                                                                \
  do {                                                                                      \
    if (::starling::sqlite::Status chat_try_status = (expression); !chat_try_status.ok()) { \
      return chat_try_status;                                                               \
    }                                                                                       \
  } while (false)

namespace starling::chat {

// SQLite's codes for what this layer finds out by itself.
inline constexpr int kCorrupt = 11;  // SQLITE_CORRUPT
inline constexpr int kNotOurs = 24;  // SQLITE_FORMAT, which SQLite itself never gives.

[[noreturn]] inline void chat_misuse(const char* what) {
  std::fprintf(stderr, "starling: chat store misused: %s\n", what);
  std::abort();
}

// Bytes of a fixed-size array as SQLite's blobs take and give them.
template <std::size_t kSize>
std::string_view as_blob(const std::array<std::uint8_t, kSize>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), kSize};
}

template <std::size_t kSize>
std::array<std::uint8_t, kSize> from_blob(std::string_view blob) {
  std::array<std::uint8_t, kSize> bytes{};
  for (std::size_t i = 0; i < kSize && i < blob.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(blob[i]);
  }
  return bytes;
}

// A statement's text, and the statement once it has been needed.
class Query {
 public:
  explicit Query(const char* sql) : sql_(sql) {}

 private:
  friend class Use;
  const char* sql_;
  sqlite::Statement statement_;
  bool prepared_ = false;
  bool in_use_ = false;
};

// One use of a query: resets it at the end of the scope, so that no read stays open.
class Use {
 public:
  Use() = default;
  ~Use() {
    if (query_ == nullptr) return;
    query_->statement_.reset();
    query_->in_use_ = false;
  }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  sqlite::Status start(sqlite::Database& database, Query& query) {
    if (query_ != nullptr || query.in_use_) chat_misuse("a statement is used twice at once");
    if (!query.prepared_) {
      CHAT_TRY(database.prepare(query.sql_, query.statement_));
      query.prepared_ = true;
    }
    query_ = &query;
    query.in_use_ = true;
    return {};
  }
  // Calls `take` with every row.
  template <typename Take>
  sqlite::Status each(Take take) {
    sqlite::Statement& statement = query_->statement_;
    bool row = false;
    CHAT_TRY(statement.step(row));
    while (row) {
      take(statement);
      CHAT_TRY(statement.step(row));
    }
    return {};
  }
  sqlite::Statement& operator*() { return query_->statement_; }
  sqlite::Statement* operator->() { return &query_->statement_; }

 private:
  Query* query_ = nullptr;
};

}  // namespace starling::chat
