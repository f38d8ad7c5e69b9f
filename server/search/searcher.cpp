// The reader of search.db: see index.h.
#include <algorithm>
#include <chrono>
#include <iterator>

#include "server/chat/query.h"
#include "server/search/index.h"
#include "server/search/page_time.h"
#include "server/search/page_token.h"
#include "server/search/query_text.h"

namespace starling::search {
namespace {

using chat::Query;
using chat::Use;

constexpr std::size_t kHomesInQuery = 24;  // Conversations that FTS5 looks for itself: see where().
constexpr std::size_t kSmallestBatch = 64;
constexpr std::size_t kPageBytes = 2u << 20;  // Of bodies and ranges: then a page ends.
constexpr int kInterrupted = 9;               // SQLITE_INTERRUPT
constexpr const char* kStays =
    "CREATE TEMP TABLE stays(conversation INTEGER PRIMARY KEY, first INTEGER NOT NULL) STRICT";

// What one page asks of the index.
struct Plan {
  std::string match;               // FTS5's expression.
  std::string stays;               // A JSON list of pairs: a conversation, its first visible id.
  chat::MessageId low = 0;         // Ids from here on
  chat::MessageId high = kNewest;  // to here.
  bool has_words = false;
  bool is_empty = false;  // Nothing can match.
};

struct Candidate {
  chat::MessageId id = 0;
  std::string marked;
  double score = 0;
};

std::string any_of(const std::vector<std::string>& words) {
  std::string out = "(";
  for (const std::string& word : words) out += (out.size() > 1 ? " OR " : "") + word;
  return out + ")";
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool same_title(const std::string& title, const std::string& wanted) {
  return !title.empty() && std::equal(title.begin(), title.end(), wanted.begin(), wanted.end(),
                                      [](char a, char b) { return lower(a) == lower(b); });
}

// Term frequency as BM25 counts it (Robertson and Zaragoza, "The Probabilistic Relevance
// Framework", 2009, section 3.1); every match has every term, so how rare they are does not matter.
// Then up to half as much again for being new.
double score_of(std::size_t hits, std::size_t bytes, std::size_t age, std::size_t of) {
  constexpr double kSaturation = 1.2;
  constexpr double kLengthWeight = 0.75;
  constexpr double kUsualBytes = 80;
  const double length =
      1 - kLengthWeight + kLengthWeight * static_cast<double>(bytes) / kUsualBytes;
  const double frequency = static_cast<double>(hits);
  const double relevance = frequency * (kSaturation + 1) / (frequency + kSaturation * length);
  return relevance * (1.5 - 0.5 * static_cast<double>(age) / static_cast<double>(of));
}

}  // namespace

struct Searcher::Impl {
  sqlite::Database database;
  bool damaged = false;
  std::size_t page_bytes = 0;  // Of the page that is being made,
  PageTime* time = nullptr;    // and its time.

  // Which conversations a search is about, and from which id on: `stays`, emptied for each one.
  Query forget{"DELETE FROM temp.stays"};
  Query remember{"INSERT INTO temp.stays SELECT value ->> 0, value ->> 1 FROM json_each(?1)"};
  Query matches{
      "SELECT t.rowid, highlight(texts, 2, char(1), char(2)) FROM texts t "
      "CROSS JOIN temp.stays s ON s.conversation = t.conversation WHERE texts MATCH ?1 AND t.rowid "
      "BETWEEN ?2 AND ?3 "
      "AND t.rowid >= s.first ORDER BY t.rowid DESC LIMIT ?4"};
  // Without anything for FTS5 to look for.
  Query newest{
      "SELECT t.rowid, t.words FROM texts t CROSS JOIN temp.stays s "
      "ON s.conversation = t.conversation WHERE t.rowid BETWEEN ?2 AND ?3 "
      "AND t.rowid >= s.first ORDER BY t.rowid DESC LIMIT ?4"};

  sqlite::Status own(sqlite::Status status);
  sqlite::Status set_stays(const std::string& stays);

  sqlite::Status where(chat::Reader& reader, const Request& request, const QueryText& text,
                       Plan& plan, Answer& answer);
  sqlite::Status senders(chat::Reader& reader, chat::AccountId viewer, const QueryText& text,
                         Plan& plan);
  // Fewer than `limit` when there are no more (`is_end`), or when it takes long.
  sqlite::Status candidates(const Plan& plan, std::size_t limit, std::vector<Candidate>& out,
                            bool& is_end);
  static sqlite::Status keep_seen(chat::Reader& reader, chat::AccountId viewer,
                                  std::vector<Candidate>& some);
  // The newest `wanted` that the viewer sees; `more`: there are others before them.
  sqlite::Status visible(chat::Reader& reader, chat::AccountId viewer, Plan plan,
                         std::size_t wanted, std::vector<Candidate>& out, bool& more);
  sqlite::Status ranked(chat::Reader& reader, const Request& request, Plan plan, PageToken page,
                        Found& out);
  sqlite::Status older(chat::Reader& reader, const Request& request, Plan plan, PageToken page,
                       Found& out);
  sqlite::Status take(chat::Reader& reader, const Request& request, const Candidate& one,
                      Found& out);
  bool is_full(const Request& request, const Found& found) const {
    return found.hits.size() >= static_cast<std::size_t>(request.limit) || page_bytes >= kPageBytes;
  }
};

Searcher::Searcher() : impl_(std::make_unique<Impl>()) {}
Searcher::~Searcher() = default;

bool Searcher::is_damaged() const { return impl_->damaged; }

// What came of a step in the index itself.
sqlite::Status Searcher::Impl::own(sqlite::Status status) {
  damaged = damaged || status.damage();
  return status;
}

sqlite::Status Searcher::open(const std::string& path, std::unique_ptr<Searcher>& out) {
  std::unique_ptr<Searcher> searcher(new Searcher);
  sqlite::OpenOptions options;
  options.read_only = true;
  options.create = false;
  CHAT_TRY(sqlite::Database::open(path, options, searcher->impl_->database));
  CHAT_TRY(searcher->impl_->database.execute(kStays));
  out = std::move(searcher);
  return {};
}

// Which conversations. A few are part of what FTS5 looks for, which spares a member of few from
// waiting for what is found in all the others; many would cost it more than passing over those.
sqlite::Status Searcher::Impl::where(chat::Reader& reader, const Request& request,
                                     const QueryText& text, Plan& plan, Answer& answer) {
  std::vector<chat::Stay> stays;
  CHAT_TRY(reader.stays(request.viewer, stays));
  if (request.conversation != 0) {
    std::erase_if(
        stays, [&](const chat::Stay& stay) { return stay.conversation != request.conversation; });
    if (stays.empty()) answer = Answer::kNoConversation;
  }
  if (!text.in.empty()) {
    std::erase_if(stays, [&](const chat::Stay& stay) {
      return std::none_of(text.in.begin(), text.in.end(), [&](const std::string& wanted) {
        return same_title(stay.title, wanted) ||
               (wanted.starts_with('@') && same_title(stay.title, wanted.substr(1)));
      });
    });
  }
  std::vector<std::string> homes;
  plan.stays = "[";
  plan.low = kNewest;
  for (const chat::Stay& stay : stays) {
    const std::string id = std::to_string(stay.conversation);
    plan.stays += (homes.empty() ? "[" : ",[") + id + "," + std::to_string(stay.first) + "]";
    plan.low = std::min(plan.low, stay.first);
    homes.push_back("c" + id);
  }
  plan.stays += "]";
  plan.is_empty = plan.is_empty || homes.empty();
  if (homes.size() <= kHomesInQuery) plan.match = "home : " + any_of(homes);
  return {};
}

sqlite::Status Searcher::Impl::senders(chat::Reader& reader, chat::AccountId viewer,
                                       const QueryText& text, Plan& plan) {
  if (text.from.empty()) return {};
  std::vector<std::string> homes;
  for (const std::string& name : text.from) {
    bool found = false;
    chat::Account account;
    if (name == "me") {
      found = true;
      account.id = viewer;
    } else {
      CHAT_TRY(reader.account_by_name(name, found, account));
    }
    if (found) homes.push_back("s" + std::to_string(account.id));
  }
  plan.is_empty = plan.is_empty || homes.empty();
  if (!plan.match.empty()) plan.match += " AND ";
  plan.match += "home : " + any_of(homes);
  return {};
}

sqlite::Status Searcher::Impl::set_stays(const std::string& stays) {
  {
    Use use;
    CHAT_TRY(own(use.start(database, forget)));
    CHAT_TRY(own(use->run()));
  }
  Use use;
  CHAT_TRY(own(use.start(database, remember)));
  use->bind_text(1, stays);
  return own(use->run());
}

sqlite::Status Searcher::Impl::candidates(const Plan& plan, std::size_t limit,
                                          std::vector<Candidate>& out, bool& is_end) {
  out.clear();
  is_end = false;
  Use use;
  CHAT_TRY(own(use.start(database, plan.match.empty() ? newest : matches)));
  if (!plan.match.empty()) use->bind_text(1, plan.match);
  use->bind(2, plan.low).bind(3, plan.high).bind(4, static_cast<std::int64_t>(limit));
  bool row = false;
  CHAT_TRY(own(use->step(row)));
  while (row) {
    out.push_back({use->integer(0), use->text(1), 0});
    if (time->is_over()) return sqlite::Status(kInterrupted, "the search took too long");
    if (time->is_long()) return {};
    CHAT_TRY(own(use->step(row)));
  }
  is_end = out.size() < limit;
  return {};
}

// Takes out what the viewer may not see, and what was edited since the index took it up: that says
// something else now.
sqlite::Status Searcher::Impl::keep_seen(chat::Reader& reader, chat::AccountId viewer,
                                         std::vector<Candidate>& some) {
  std::vector<chat::MessageId> ids;
  for (const Candidate& one : some) ids.push_back(one.id);
  std::vector<chat::SeenText> seen;
  CHAT_TRY(reader.seen_texts(viewer, ids, seen));
  std::vector<Candidate> kept;
  auto candidate = some.begin();
  for (const chat::SeenText& text : seen) {  // In the same order.
    while (candidate->id != text.id) ++candidate;
    std::vector<Range> ranges;
    if (text.edited && !hits_in(text.body, candidate->marked, ranges)) continue;
    kept.push_back(std::move(*candidate));
  }
  some = std::move(kept);
  return {};
}

sqlite::Status Searcher::Impl::visible(chat::Reader& reader, chat::AccountId viewer, Plan plan,
                                       std::size_t wanted, std::vector<Candidate>& out,
                                       bool& more) {
  out.clear();
  const std::size_t batch = std::max(wanted + 1, kSmallestBatch);
  bool is_end = false;
  while (!is_end && out.size() <= wanted && (out.empty() || !time->is_long())) {
    std::vector<Candidate> some;
    CHAT_TRY(candidates(plan, batch, some, is_end));
    if (!is_end) plan.high = some.back().id - 1;
    CHAT_TRY(keep_seen(reader, viewer, some));
    std::move(some.begin(), some.end(), std::back_inserter(out));
  }
  more = !is_end || out.size() > wanted;
  if (out.size() > wanted) out.resize(wanted);
  return {};
}

sqlite::Status Searcher::Impl::take(chat::Reader& reader, const Request& request,
                                    const Candidate& one, Found& out) {
  bool found = false;
  Hit hit;
  CHAT_TRY(reader.text_for(request.viewer, one.id, found, hit.message));
  // It may have been edited or hidden since it was found.
  if (!found || !hits_in(hit.message.body, one.marked, hit.ranges)) return {};
  if (hit.ranges.size() > kMaxRanges) hit.ranges.resize(kMaxRanges);
  page_bytes += hit.message.body.size() + hit.ranges.size() * sizeof(Range);
  out.hits.push_back(std::move(hit));
  return {};
}

sqlite::Status Searcher::Impl::ranked(chat::Reader& reader, const Request& request, Plan plan,
                                      PageToken page, Found& out) {
  plan.high = std::min(plan.high, page.id);
  std::vector<Candidate> window;
  bool more = false;
  CHAT_TRY(visible(reader, request.viewer, std::move(plan), kWindow, window, more));
  if (window.empty()) return {};
  const chat::MessageId newest = window.front().id;
  const chat::MessageId oldest = window.back().id;
  for (std::size_t i = 0; i < window.size(); ++i) {
    const auto hits = std::count(window[i].marked.begin(), window[i].marked.end(), kHitBegin[0]);
    window[i].score =
        score_of(static_cast<std::size_t>(hits), window[i].marked.size(), i, window.size());
  }
  std::stable_sort(window.begin(), window.end(),
                   [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  std::size_t place = std::min(page.place, window.size());
  while (place < window.size() && !is_full(request, out)) {
    CHAT_TRY(take(reader, request, window[place++], out));
  }
  if (place < window.size()) {
    out.next = "w" + std::to_string(newest) + "." + std::to_string(place);
  } else if (more) {
    out.next = "o" + std::to_string(oldest);
  }
  return {};
}

sqlite::Status Searcher::Impl::older(chat::Reader& reader, const Request& request, Plan plan,
                                     PageToken page, Found& out) {
  plan.high = std::min(plan.high, page.id - 1);
  std::vector<Candidate> some;
  bool more = false;
  CHAT_TRY(visible(reader, request.viewer, std::move(plan), static_cast<std::size_t>(request.limit),
                   some, more));
  std::size_t place = 0;
  while (place < some.size() && !is_full(request, out)) {
    CHAT_TRY(take(reader, request, some[place++], out));
  }
  if (place < some.size() || (more && place != 0)) {
    out.next = "o" + std::to_string(some[place - 1].id);
  }
  return {};
}

sqlite::Status Searcher::find(chat::Reader& reader, const Request& request, Found& out,
                              Answer& answer, std::string& error) {
  out = {};
  answer = Answer::kOk;
  const QueryText text = parse_query(request.query);
  PageToken page;
  error = text.error;
  if (error.empty() && !parse_page_token(request.page, page))
    error = "no search has given such a page";
  if (!error.empty()) {
    answer = Answer::kInvalid;
    return {};
  }
  Plan plan;
  CHAT_TRY(impl_->where(reader, request, text, plan, answer));
  if (answer == Answer::kNoConversation) {
    error = "this account has no such conversation";
    return {};
  }
  CHAT_TRY(impl_->senders(reader, request.viewer, text, plan));
  plan.has_words = !text.expression.empty();
  if (plan.has_words) {
    if (!plan.match.empty()) plan.match += " AND ";
    plan.match += "words : (" + text.expression + ")";
  }
  if (text.since) {
    chat::MessageId first = 0;
    CHAT_TRY(reader.first_message_from(*text.since, first));
    plan.low = std::max(plan.low, first);
  }
  if (text.until) {
    CHAT_TRY(reader.first_message_from(*text.until, plan.high));
    --plan.high;
  }
  if (plan.is_empty || plan.low > plan.high) return {};
  CHAT_TRY(impl_->set_stays(plan.stays));
  impl_->page_bytes = 0;
  PageTime time(request.unwanted);
  impl_->time = &time;
  const sqlite::Database::TimeLimit limit(impl_->database, PageTime::kLongest,
                                          [&time] { return time.is_over(); });
  const sqlite::Status status = plan.has_words && page.ranked
                                    ? impl_->ranked(reader, request, std::move(plan), page, out)
                                    : impl_->older(reader, request, std::move(plan), page, out);
  if (!status.ok() && time.stopped()) {
    out = {};
    answer = Answer::kStopped;
    error = "nobody waits for this search any more";
    return {};
  }
  if (!status.ok() && (time.passed() || limit.passed())) {
    out = {};
    answer = Answer::kTooLong;
    error = "this matches too much: search for more words, or in one conversation";
    return {};
  }
  return status;
}

}  // namespace starling::search
