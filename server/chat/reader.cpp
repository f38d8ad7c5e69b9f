// Reads of accounts, sessions and where the store stands.
#include <algorithm>

#include "server/chat/reader_impl.h"
#include "server/chat/store_impl.h"
#include "server/chat/wildcard.h"

namespace starling::chat {

Account account_from(const sqlite::Statement& row) {
  return {row.integer(0), row.text(1),         row.text(2),
          row.integer(3), row.integer(4) != 0, row.text(5)};
}

Reader::Reader() : impl_(std::make_unique<Impl>()) {}
Reader::~Reader() = default;

sqlite::Status Reader::open(const std::string& path, std::unique_ptr<Reader>& out) {
  std::unique_ptr<Reader> reader(new Reader());
  sqlite::OpenOptions options;
  options.read_only = true;
  options.create = false;
  CHAT_TRY(sqlite::Database::open(path, options, reader->impl_->own));
  reader->impl_->database = &reader->impl_->own;
  out = std::move(reader);
  return {};
}

sqlite::Status Reader::open_on(Store& store, std::unique_ptr<Reader>& out) {
  std::unique_ptr<Reader> reader(new Reader());
  reader->impl_->database = &store.impl_->database;
  out = std::move(reader);
  return {};
}

Reader::Impl::View::~View() {
  if (!open_) return;
  // Nothing was written, so nothing can be lost; but the view must not outlive the call.
  if (const sqlite::Status status = end(); !status.ok()) impl_.database->rollback();
}

sqlite::Status Reader::Impl::View::end() {
  Use use;
  CHAT_TRY(use.start(*impl_.database, impl_.commit_));
  return use->run();
}

sqlite::Status Reader::Impl::View::begin() {
  if (impl_.database != &impl_.own) return {};
  Use use;
  CHAT_TRY(use.start(*impl_.database, impl_.begin_));
  CHAT_TRY(use->run());
  open_ = true;
  return {};
}

sqlite::Status Reader::applied(std::uint64_t& index, TimeMs& time_ms, std::uint64_t& state_hash) {
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->meta_));
  bool row = false;
  CHAT_TRY(use->step(row));
  if (!row) chat_misuse("the row of meta is missing");
  index = static_cast<std::uint64_t>(use->integer(0));
  time_ms = use->integer(1);
  state_hash = state_hash_of(static_cast<std::uint64_t>(use->integer(2)), index, time_ms);
  return {};
}

sqlite::Status Reader::retention_floor(std::uint64_t& index) {
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->meta_));
  bool row = false;
  CHAT_TRY(use->step(row));
  if (!row) chat_misuse("the row of meta is missing");
  index = static_cast<std::uint64_t>(use->integer(3));
  return {};
}

sqlite::Status Reader::credentials(std::string_view name, bool& found, Credentials& out) {
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->credentials_));
  use->bind_text(1, name);
  CHAT_TRY(use->step(found));
  if (found) out = {use->integer(0), use->text(1), use->integer(2)};
  return {};
}

sqlite::Status Reader::session(const TokenHash& hash, bool& found, SessionRow& out) {
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->session_));
  use->bind_blob(1, as_blob(hash));
  CHAT_TRY(use->step(found));
  if (found) out = {use->integer(0), use->integer(1), use->integer(2)};
  return {};
}

sqlite::Status Reader::account_by_name(std::string_view name, bool& found, Account& out) {
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->account_by_name_));
  use->bind_text(1, name);
  CHAT_TRY(use->step(found));
  if (found) out = account_from(*use);
  return {};
}

sqlite::Status Reader::account_by_id(AccountId id, bool& found, Account& out) {
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->account_by_id_));
  use->bind(1, id);
  CHAT_TRY(use->step(found));
  if (found) out = account_from(*use);
  return {};
}

sqlite::Status Reader::sessions_of(AccountId account, std::vector<SessionInfo>& out) {
  out.clear();
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->sessions_of_));
  use->bind(1, account);
  return use.each([&out](const sqlite::Statement& row) {
    out.push_back({row.integer(0), row.text(1), row.integer(2), row.integer(3)});
  });
}

sqlite::Status Reader::has_blocked(AccountId account, AccountId other, bool& blocked) {
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->has_blocked_));
  use->bind(1, account).bind(2, other);
  return use->step(blocked);
}

sqlite::Status Reader::blocks_of(AccountId account, AccountId after, int limit,
                                 std::vector<Account>& out, bool& more) {
  out.clear();
  limit = std::max(limit, 0);
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->blocks_));
  use->bind(1, account).bind(2, after).bind(3, std::int64_t{limit} + 1);
  CHAT_TRY(use.each([&out](const sqlite::Statement& row) { out.push_back(account_from(row)); }));
  more = out.size() > static_cast<std::size_t>(limit);
  if (more) out.pop_back();
  return {};
}

sqlite::Status Reader::list_accounts(std::string_view pattern, std::string_view after_name,
                                     int limit, std::vector<Account>& out, bool& more) {
  out.clear();
  more = false;
  if (pattern.empty()) pattern = "*";
  const std::string_view prefix = wildcard_prefix(pattern);
  Use use;
  CHAT_TRY(use.start(*impl_->database, impl_->accounts_));
  use->bind_text(1, after_name).bind_text(2, prefix);
  bool row = false;
  CHAT_TRY(use->step(row));
  for (; row;) {
    const std::string_view name = use->view(1);
    if (name.substr(0, prefix.size()) != prefix) break;  // In name order: none is left.
    if (wildcard_match(pattern, name)) {
      if (out.size() >= static_cast<std::size_t>(std::max(limit, 0))) {
        more = true;
        break;
      }
      out.push_back(account_from(*use));
    }
    CHAT_TRY(use->step(row));
  }
  return {};
}

}  // namespace starling::chat
