// The history of one process: a line of JSON for each call, each answer and each event, written
// when it is seen. tests/torture/history.py says what the lines mean.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "starling/types.h"

namespace starling::torture {

using Line = nlohmann::ordered_json;

// The machine's monotonic clock: the same for all of its processes.
std::int64_t now_ns();

// What stands for a body: its first word, which no other body has, and a hash of the whole.
std::string digest(const std::string& body);
std::string hex(const std::string& bytes);

// Thread-safe. A line is whole in the file, as other processes see it, when write() returns: a
// killed process leaves all of them.
class History {
 public:
  // Appends to the file. `process` names this run of the process: no other run has that name.
  History(const std::string& path, const std::string& process);
  ~History();
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  void write(const Line& line);
  const std::string& process() const { return process_; }
  std::string new_operation();

 private:
  const std::string process_;
  std::mutex mutex_;
  std::FILE* file_;
  std::uint64_t operations_ = 0;
};

// [seq, id, sender, digest or null when deleted, request id]
Line message_line(const Message& message);

// How far `stream` had come in a history, to go on from there.
struct Place {
  Cursor cursor;
  std::map<std::int64_t, std::int64_t> received;  // The last seq, by conversation.
};
Place last_place(const std::string& path, const std::string& stream);

}  // namespace starling::torture
