// The full-text index over the chat's messages: search.db, beside chat.db. It is derived from it,
// and each server's own: no part of the replicated state, of its hash or of snapshots. What is
// missing or damaged is made anew.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "server/chat/store.h"
#include "server/search/words.h"
#include "server/sqlite/sqlite.h"

namespace starling::search {

// The writer. Thread contract: one caller at a time.
class Index {
 public:
  // `history` names the history that the messages are of (cluster and epoch): a file that was made
  // of another one, or by another version of this code, is emptied. A damaged one:
  // Status::damage().
  static sqlite::Status open(const std::string& path, const std::string& history,
                             std::unique_ptr<Index>& out);
  ~Index();

  // Takes up the next texts of the reader's store, as one transaction; `more`: there may be more.
  sqlite::Status advance(chat::Reader& reader, bool& more);
  // Everything that came up to this index of the log is in.
  std::uint64_t indexed() const;

 private:
  Index();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct Request {
  chat::AccountId viewer = 0;
  std::string query;                      // As people type it: see query_text.h.
  chat::ConversationId conversation = 0;  // In this one only; 0: in all of the viewer's.
  std::string page;                       // `next` of the page before; empty: the first.
  int limit = 0;
  // Asked now and then while it is looked for, on the caller's thread: true ends it (kStopped).
  std::function<bool()> unwanted = nullptr;
};

inline constexpr std::size_t kMaxRanges = 100;

struct Hit {
  chat::Message message;
  std::vector<Range> ranges;  // Of the body: what was found, the first kMaxRanges.
};

struct Found {
  std::vector<Hit> hits;
  // Names the next page; empty: there is none. A page may have fewer hits than asked for, or none,
  // and still be followed by one. It is a function of texts that the viewer may see, like the hits.
  std::string next;
};

enum class Answer {
  kOk,
  kInvalid,         // `error` says what is wrong with the query or the page.
  kNoConversation,  // The viewer is not in the one that was asked for.
  kTooLong,         // It matches too much to be looked through in time.
  kBehind,          // The index does not hold what was to be covered (any more).
  kStopped,         // It was unwanted.
};

// Reads the index, on a connection of its own. Thread contract: one caller at a time.
//
// The newest thousand messages with the words come first, the best of them first: those where the
// words are more of the text, and newer ones. Then the older ones, newest first. Without words all
// are newest first. A page ends early once it has about two megabytes.
//
// What the viewer may not see counts for nothing: not as a hit, not in the rank, nor in what `next`
// says. The index passes over what came before the viewer did; of the rest the chat store itself is
// asked, before anything is ranked or counted.
class Searcher {
 public:
  // The file's Index is to be open for as long as its searchers are.
  static sqlite::Status open(const std::string& path, std::unique_ptr<Searcher>& out);
  ~Searcher();

  // `error` is set unless the answer is kOk. After an error, is_damaged() says whether the index
  // is, rather than the reader's store.
  sqlite::Status find(chat::Reader& reader, const Request& request, Found& out, Answer& answer,
                      std::string& error);
  bool is_damaged() const;

 private:
  Searcher();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace starling::search
