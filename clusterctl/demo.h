// What the demo measures and finds, and how it is told.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "clusterctl/ledger.h"

namespace starling::ctl {

// One primary's end as the users saw it; milliseconds from the SIGKILL. -1: not seen.
struct DemoKill {
  std::string victim;
  std::string successor;
  std::size_t in_flight = 0;
  double detect_ms = -1;       // Both clients had noticed.
  double elect_ms = -1;        // Both clients knew the new primary.
  double first_write_ms = -1;  // The first write submitted after the death was acknowledged.
};

// One history that was compared with the ledger.
struct DemoCheck {
  std::string what;   // "ada's stream", "n3's store"
  std::string error;  // It could not be read.
  Verdict verdict;
};

struct DemoReport {
  int servers = 0;
  std::vector<std::string> addresses;
  std::size_t wanted = 0;
  std::size_t sent = 0;
  std::size_t acknowledged = 0;
  std::size_t failed = 0;  // Sends that the SDK gave up.
  std::vector<DemoKill> kills;
  std::vector<DemoCheck> checks;
  std::string primary;     // At the end.
  bool converged = false;  // The survivors' state hashes are equal.
  double chat_seconds = 0;
  double seconds = 0;

  // The worst of all histories.
  Verdict worst() const;
  // What is wrong, in words; empty: the demo has shown what it claims.
  std::vector<std::string> complaints() const;
};

nlohmann::ordered_json to_json(const DemoReport& report);
std::string to_text(const DemoReport& report, bool colour);

}  // namespace starling::ctl
