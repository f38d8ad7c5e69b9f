// Implements server/presence/presence_table.h: what is told, and how everybody is.
#include "server/presence/presence_table.h"

#include <algorithm>

namespace starling::presence {

Table::Table(ServerId self, std::uint64_t boot, Limits limits)
    : self_(self), boot_(boot), limits_(limits) {}

void Table::count(const Session& session, bool in) {
  Own& own = own_[session.account];
  std::size_t& number = session.state == State::kOnline ? own.online : own.away;
  number += in ? 1 : std::size_t(-1);
  if (own.state() == State::kOffline) own_.erase(session.account);
  own_touched_.insert(session.account);
  touched_.insert(session.account);
}

void Table::session(SessionKey key, AccountId account, State state) {
  const auto found = sessions_.find(key);
  if (found == sessions_.end()) {
    const Session made{account, state, std::nullopt};
    sessions_.emplace(key, made);
    count(made, true);
  } else if (found->second.state != state && !found->second.ends_at) {
    // In before out: the account is not offline in between.
    const Session before = found->second;
    found->second.state = state;
    count(found->second, true);
    count(before, false);
  }
}

void Table::session_ended(SessionKey key, bool goodbye, TimeUs now, WallMs wall) {
  const auto found = sessions_.find(key);
  if (found == sessions_.end() || found->second.ends_at) return;
  if (goodbye) {
    erase_session(found, wall);
    return;
  }
  found->second.ends_at = now + limits_.grace_us;
  ending_.emplace(*found->second.ends_at, key);
}

void Table::erase_session(std::map<SessionKey, Session>::iterator session, WallMs wall) {
  const Session gone = session->second;
  sessions_.erase(session);
  count(gone, false);
  if (!own_.contains(gone.account)) see(gone.account, wall, wall);
}

void Table::tick(TimeUs now, WallMs wall) {
  const TimeUs slept =
      last_tick_ && now - *last_tick_ > limits_.own_pause_us ? now - *last_tick_ : 0;
  last_tick_ = now;
  while (!ending_.empty() && ending_.begin()->first <= now) {
    const SessionKey key = ending_.begin()->second;
    ending_.erase(ending_.begin());
    if (const auto found = sessions_.find(key); found != sessions_.end())
      erase_session(found, wall);
  }
  for (auto it = peers_.begin(); it != peers_.end();) {
    Peer& peer = it->second;
    if (slept != 0) {  // Nobody was heard because nobody listened.
      peer.heard_us = std::min(now, peer.heard_us + slept);
      peer.former_until += slept;
      if (peer.broken_at) peer.broken_at = std::min(now, *peer.broken_at + slept);
    }
    if (!peer.former.empty() && now >= peer.former_until) let_go(peer.former, wall);
    const bool gone = now - peer.heard_us >= limits_.silence_us ||
                      (peer.broken_at && now - *peer.broken_at >= limits_.broken_us);
    if (!gone) {
      ++it;
      continue;
    }
    let_go(peer.former, peer.heard_ms);
    let_go(peer.accounts, peer.heard_ms);
    it = peers_.erase(it);
  }
}

std::vector<News> Table::take_changes() {
  std::vector<News> all;
  for (const AccountId account : own_touched_) {
    const auto own = own_.find(account);
    const State state = own == own_.end() ? State::kOffline : own->second.state();
    const auto told = told_.find(account);
    if (state == (told == told_.end() ? State::kOffline : told->second)) continue;
    if (state == State::kOffline) {
      told_.erase(told);
    } else {
      told_[account] = state;
    }
    if (all.empty() || all.back().entries.size() >= limits_.page) {
      News news;
      news.boot = boot_;
      news.base = version_;
      news.version = ++version_;
      all.push_back(std::move(news));
    }
    const auto seen = seen_.find(account);
    const bool gone = state == State::kOffline && seen != seen_.end();
    all.back().entries.push_back({account, {state, gone ? seen->second : 0}});
  }
  own_touched_.clear();
  if (all.empty()) {
    News beat;
    beat.boot = boot_;
    beat.base = beat.version = version_;
    all.push_back(std::move(beat));
  }
  return all;
}

std::vector<News> Table::whole() const {
  std::vector<News> pages(
      std::max<std::size_t>(1, (told_.size() + limits_.page - 1) / limits_.page));
  std::size_t next = 0;
  for (const auto& [account, state] : told_) {
    pages[next++ / limits_.page].entries.push_back({account, {state, 0}});
  }
  for (std::size_t i = 0; i < pages.size(); ++i) {
    News& news = pages[i];
    news.boot = boot_;
    news.version = news.base = version_;
    news.whole = true;
    news.page = static_cast<std::uint32_t>(i);
    news.pages = static_cast<std::uint32_t>(pages.size());
  }
  return pages;
}

SeenPage Table::seen_page(AccountId after) const {
  SeenPage page;
  page.after = after;
  for (auto it = seen_.upper_bound(after); it != seen_.end(); ++it) {
    if (page.entries.size() >= limits_.page) {
      page.more = true;
      break;
    }
    page.entries.push_back({it->first, {State::kOffline, it->second}});
  }
  return page;
}

Info Table::info(AccountId account) const {
  Info info;
  const auto take = [&](const States& states) {
    const auto found = states.find(account);
    if (found != states.end()) info.state = std::max(info.state, found->second);
  };
  if (const auto own = own_.find(account); own != own_.end()) info.state = own->second.state();
  for (const auto& [id, peer] : peers_) {
    take(peer.accounts);
    take(peer.former);
  }
  if (info.state == State::kOffline) {
    const auto seen = seen_.find(account);
    if (seen != seen_.end()) info.last_seen_ms = seen->second;
  }
  return info;
}

std::vector<AccountId> Table::take_touched() {
  std::vector<AccountId> all(touched_.begin(), touched_.end());
  touched_.clear();
  return all;
}

std::vector<std::pair<ServerId, Entry>> Table::everybody(std::size_t most) const {
  std::vector<std::pair<ServerId, Entry>> all;
  for (const auto& [account, own] : own_) {
    if (all.size() < most) all.push_back({self_, {account, {own.state(), 0}}});
  }
  for (const auto& [id, peer] : peers_) {
    for (const auto& [account, state] : peer.accounts) {
      if (all.size() < most) all.push_back({id, {account, {state, 0}}});
    }
  }
  return all;
}

void Table::see(AccountId account, WallMs when, WallMs wall) {
  when = std::min(when, wall);  // Nobody was seen later than now, whatever another clock says.
  if (when <= 0) return;
  WallMs& held = seen_[account];
  if (held >= when) return;
  if (held != 0) seen_by_time_.erase({held, account});
  held = when;
  seen_by_time_.emplace(when, account);
  touched_.insert(account);
  if (seen_.size() <= limits_.seen) return;
  seen_.erase(seen_by_time_.begin()->second);
  seen_by_time_.erase(seen_by_time_.begin());
}

}  // namespace starling::presence
