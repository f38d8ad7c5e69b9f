// The other side of the bench: writes into a conversation, all at once or so many a second.
// Blocking calls, for threads beside the GUI's.
#pragma once

#include <QString>
#include <QStringList>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "starling/client.h"

namespace starling_app {

class BenchWriter {
 public:
  // Makes both accounts and their conversation; error() tells what went wrong.
  BenchWriter(const QStringList& servers, const std::string& writer, const std::string& reader,
              const std::string& password);
  ~BenchWriter();
  BenchWriter(const BenchWriter&) = delete;
  BenchWriter& operator=(const BenchWriter&) = delete;

  // Of the constructor, or of what fill() sent; not while either is under way.
  const std::string& error() const { return error_; }
  // Sends `count` messages as fast as the cluster takes them. False when one was refused.
  bool fill(int count);
  // Sends `rate` a second until `*stop`, at most kMostOpen unanswered. Returns how many.
  int write(int rate, const std::atomic<bool>& stop);

 private:
  static constexpr int kMostOpen = 1'000;

  bool send(const std::string& body);  // Waits for room. False: one was refused.
  bool drained();                      // Waits for the answers.

  std::string error_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int open_ = 0;
  bool refused_ = false;
  std::optional<starling::Client> client_;
  std::optional<starling::Session> session_;
  std::int64_t conversation_ = 0;
};

}  // namespace starling_app
