// The search index of one simulated server: the shipping one, over its chat store, with a file in
// memory that outlives its process and loses to a power cut what was not synced.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "server/search/index.h"
#include "tests/lib/fault_files.h"

namespace starling::sim {

class SimSearch {
 public:
  // `number` is the server's; no other of the same process may have it at the same time.
  SimSearch(int number, std::string history);
  ~SimSearch();
  SimSearch(const SimSearch&) = delete;
  SimSearch& operator=(const SimSearch&) = delete;

  // Takes up all that the store holds. Throws Violation.
  void follow(chat::Reader& reader);
  // Every page, after follow(); each hit once. False: no answer in time, which a busy machine may
  // see. Throws Violation.
  bool find(chat::Reader& reader, search::Request request, search::Answer& answer,
            std::set<chat::MessageId>& out);

  void crash();
  void power_loss(const std::function<std::uint64_t(std::uint64_t)>& draw);

 private:
  void open();
  void close();
  std::string path() const { return directory_ + "index.db"; }

  const std::string directory_;
  const std::string history_;
  faults::Disk disk_;
  std::unique_ptr<search::Index> index_;
  std::unique_ptr<search::Searcher> searcher_;
};

}  // namespace starling::sim
