// Reads that say who may know how somebody is, and that somebody types.
#include <algorithm>
#include <utility>

#include "server/chat/reader_impl.h"

namespace starling::chat {

namespace {

constexpr std::size_t kMaxTypingMembers = 200;  // In a larger group somebody types all the time.

}  // namespace

sqlite::Status Reader::Impl::any(Query& query, std::int64_t first, std::int64_t second,
                                 bool& found) {
  Use use;
  CHAT_TRY(use.start(*database, query));
  use->bind(1, first).bind(2, second);
  return use->step(found);
}

// Both are in 500 groups at most, and the index that is read knows no direct conversations.
sqlite::Status Reader::Impl::shares_group(AccountId viewer, AccountId other, Groups& groups,
                                          bool& shares) {
  shares = false;
  if (!std::exchange(groups.known, true)) {
    Use use;
    CHAT_TRY(use.start(*database, groups_of_));
    use->bind(1, viewer);
    CHAT_TRY(use.each([&](const sqlite::Statement& row) { groups.ids.push_back(row.integer(0)); }));
  }
  if (groups.ids.empty()) return {};
  Use others;
  CHAT_TRY(others.start(*database, groups_of_));
  others->bind(1, other);
  auto place = groups.ids.begin();
  for (bool row = false;;) {
    CHAT_TRY(others->step(row));
    if (!row) return {};
    place = std::lower_bound(place, groups.ids.end(), others->integer(0));
    if (place == groups.ids.end()) return {};
    shares = *place == others->integer(0);
    if (shares) return {};
  }
}

sqlite::Status Reader::Impl::may_see(AccountId viewer, AccountId other, Groups& groups, bool& may) {
  may = viewer == other;
  if (may) return {};
  {
    Use use;
    CHAT_TRY(use.start(*database, is_live_));
    use->bind(1, other);
    bool live = false;
    CHAT_TRY(use->step(live));
    if (!live) return {};
  }
  bool blocked = false;
  CHAT_TRY(any(has_blocked_, viewer, other, blocked));
  if (!blocked) CHAT_TRY(any(has_blocked_, other, viewer, blocked));
  if (blocked) return {};
  // Most people who know each other have a direct conversation, and that is found at once.
  CHAT_TRY(any(has_direct_, std::min(viewer, other), std::max(viewer, other), may));
  return may ? sqlite::Status() : shares_group(viewer, other, groups, may);
}

sqlite::Status Reader::visible_to(AccountId viewer, const std::vector<AccountId>& others,
                                  std::vector<AccountId>& out) {
  out.clear();
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  Impl::Groups groups;
  for (const AccountId other : others) {
    bool may = false;
    CHAT_TRY(impl_->may_see(viewer, other, groups, may));
    if (may) out.push_back(other);
  }
  return {};
}

sqlite::Status Reader::typing_audience(ConversationId conversation, AccountId account,
                                       std::vector<AccountId>& out) {
  out.clear();
  Impl::View view(*impl_);
  CHAT_TRY(view.begin());
  AccountId peer = 0;
  {
    Use use;
    CHAT_TRY(use.start(*impl_->database, impl_->peer_in_));
    use->bind(1, account).bind(2, conversation);
    bool member = false;
    CHAT_TRY(use->step(member));
    if (!member) return {};
    peer = use->integer(0);
  }
  if (peer != 0) {
    bool may = false;
    Impl::Groups groups;
    CHAT_TRY(impl_->may_see(peer, account, groups, may));
    if (may) out.push_back(peer);
    return {};
  }
  std::vector<AccountId> members;
  {
    Use use;
    CHAT_TRY(use.start(*impl_->database, impl_->some_present_in_));
    use->bind(1, conversation).bind(2, static_cast<std::int64_t>(kMaxTypingMembers) + 1);
    CHAT_TRY(use.each([&](const sqlite::Statement& row) { members.push_back(row.integer(0)); }));
  }
  if (members.size() > kMaxTypingMembers) return {};
  for (const AccountId member : members) {
    bool blocked = member == account;
    if (!blocked) CHAT_TRY(impl_->any(impl_->has_blocked_, member, account, blocked));
    if (!blocked) CHAT_TRY(impl_->any(impl_->has_blocked_, account, member, blocked));
    if (!blocked) out.push_back(member);
  }
  return {};
}

}  // namespace starling::chat
