// The file of an outbox: one SQLite database, locked by one process.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "server/sqlite/sqlite.h"
#include "starling/outbox.h"

namespace starling::sdk {

// Thread contract: one caller at a time. A failure's message is a sentence for people.
class OutboxStore {
 public:
  // `cluster_id` 0: not known yet; confirm() says it later.
  static Status open(const std::string& path, std::uint64_t cluster_id, std::int64_t account_id,
                     std::unique_ptr<OutboxStore>& out);
  // Fails when the file is another cluster's.
  Status confirm(std::uint64_t cluster_id);

  // Durable when it returns; gives the entry its id.
  Status add(OutboxEntry& entry);
  // May be lost by a power cut: what it says is found out again from the servers.
  Status set_state(std::int64_t id, OutboxState state, const std::string& error);
  // As set_state, but durable when it returns.
  Status set_state_durably(std::int64_t id, OutboxState state);
  Status remove(std::int64_t id);
  Status load(std::vector<OutboxEntry>& out);

 private:
  Status prepare(const std::string& path, std::uint64_t cluster_id, std::int64_t account_id);
  Status refuse_other_tables();
  // Makes the tables, or brings those of an older version up to this one's.
  Status prepare_tables();
  sqlite::Status bring_up(std::int64_t from);
  Status owner(std::uint64_t cluster_id, std::int64_t account_id);
  Status durable(bool on);
  Error foreign() const;

  std::string path_;
  sqlite::Database database_;
  sqlite::Statement add_;
  sqlite::Statement set_state_;
  sqlite::Statement remove_;
  bool durable_ = true;
  std::int64_t last_id_ = 0;
  std::int64_t cluster_ = 0;  // As the file has it; 0 while no server has been met.
};

}  // namespace starling::sdk
