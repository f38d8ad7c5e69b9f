// See sim_search.h.
#include "tests/lib/sim_search.h"

#include <utility>

#include "tests/lib/fault_vfs.h"
#include "tests/lib/invariants.h"

namespace starling::sim {

namespace {
constexpr int kPage = 7;  // Small, so that there are several.
constexpr int kMostPages = 10'000;

void must(const sqlite::Status& status) {
  if (!status.ok()) violated("search", status.message());
}
}  // namespace

SimSearch::SimSearch(int number, std::string history)
    : directory_("/simulated/search-n" + std::to_string(number) + "/"),
      history_(std::move(history)) {
  faults::register_vfs();
  faults::mount(directory_, &disk_);
}

SimSearch::~SimSearch() {
  close();
  faults::unmount(directory_);
}

void SimSearch::close() {
  searcher_.reset();
  index_.reset();
}

// A damaged one is not mended here: nothing that happens to it may damage it.
void SimSearch::open() {
  if (index_ == nullptr) must(search::Index::open(path(), history_, index_));
  if (searcher_ == nullptr) must(search::Searcher::open(path(), searcher_));
}

void SimSearch::follow(chat::Reader& reader) {
  open();
  for (bool more = true; more;) must(index_->advance(reader, more));
}

bool SimSearch::find(chat::Reader& reader, search::Request request, search::Answer& answer,
                     std::set<chat::MessageId>& out) {
  request.limit = kPage;
  for (int pages = 0; pages < kMostPages; ++pages) {
    search::Found found;
    std::string error;
    must(searcher_->find(reader, request, found, answer, error));
    if (answer == search::Answer::kTooLong) return false;
    if (answer != search::Answer::kOk) return true;
    for (const search::Hit& hit : found.hits) {
      if (hit.ranges.empty()) violated("search", "a hit without the place where it is");
      if (!out.insert(hit.message.id).second) violated("search", "a message is found twice");
    }
    if (found.next.empty()) return true;
    request.page = found.next;
  }
  violated("search", "the pages do not end");
}

void SimSearch::crash() {
  disk_.stop_now();
  close();
  disk_.crash();
}

void SimSearch::power_loss(const std::function<std::uint64_t(std::uint64_t)>& draw) {
  disk_.stop_now();
  close();
  disk_.power_loss(draw);
}

}  // namespace starling::sim
