// Implements server/presence/presence_table.h: what the other servers tell.
#include <algorithm>

#include "server/presence/presence_table.h"

namespace starling::presence {

void Table::set(States& states, AccountId account, State state) {
  if (state == State::kOffline) {
    if (states.erase(account) == 0) return;
  } else {
    State& held = states[account];  // kOffline when it is new.
    if (held == state) return;
    held = state;
  }
  touched_.insert(account);
}

// They went when their server did, as far as anybody knows.
void Table::let_go(States& states, WallMs wall) {
  const States gone = std::exchange(states, {});
  for (const auto& [account, state] : gone) {
    touched_.insert(account);
    see(account, wall, wall);
  }
}

void Table::received(ServerId from, const News& news, TimeUs now, WallMs wall) {
  if (from == self_) return;
  const auto [found, is_new] = peers_.try_emplace(from);
  Peer& peer = found->second;
  if (is_new) {
    peer.boot = news.boot;
  } else if (news.boot < peer.boot && now - peer.heard_us < limits_.silence_us) {
    return;  // Of an earlier start, late. (When the later one is silent, its clock was set back.)
  } else if (news.boot != peer.boot) {
    begin_boot(peer, news, now);
  }
  peer.heard_us = now;
  peer.heard_ms = wall;
  peer.broken_at.reset();
  if (news.whole) {
    take_page(peer, news, wall);
  } else {
    take_delta(peer, news, wall);
  }
}

void Table::begin_boot(Peer& peer, const News& news, TimeUs now) {
  Peer next;
  next.boot = news.boot;
  next.former = std::move(peer.accounts);
  next.former.merge(peer.former);
  next.former_until = now + limits_.broken_us;
  peer = std::move(next);
}

void Table::take_page(Peer& peer, const News& news, WallMs wall) {
  if (peer.complete && news.version < peer.version) return;
  if (news.page == 0) {
    peer.pages.clear();
    peer.paged_version = news.version;
    peer.next_page = 0;
  }
  if (news.version != peer.paged_version || news.page != peer.next_page ||
      peer.pages.size() + news.entries.size() > limits_.accounts) {
    peer.next_page = 0;
    peer.paged_version = 0;
    peer.pages.clear();
    return;  // It is asked for again.
  }
  ++peer.next_page;
  for (const Entry& entry : news.entries) {
    if (entry.info.state != State::kOffline) peer.pages[entry.account] = entry.info.state;
  }
  if (peer.next_page < news.pages) return;
  const States before = std::exchange(peer.accounts, std::exchange(peer.pages, {}));
  for (const auto& [account, state] : peer.accounts) touched_.insert(account);
  for (const auto& [account, state] : before) {
    touched_.insert(account);
    if (!peer.accounts.contains(account)) see(account, wall, wall);
  }
  peer.version = news.version;
  peer.complete = true;
  peer.asked_at.reset();
  peer.paged_version = 0;
  peer.next_page = 0;
}

void Table::take_delta(Peer& peer, const News& news, WallMs wall) {
  if (peer.complete && news.version <= peer.version) return;  // Held already, or nothing new.
  if (!peer.complete || news.base != peer.version) {
    peer.complete = false;  // What is held goes on showing until the whole table comes.
    return;
  }
  for (const Entry& entry : news.entries) {
    if (peer.accounts.size() >= limits_.accounts && !peer.accounts.contains(entry.account))
      continue;
    set(peer.accounts, entry.account, entry.info.state);
    if (entry.info.state == State::kOffline) {
      peer.former.erase(entry.account);
      see(entry.account, entry.info.last_seen_ms, wall);
    }
  }
  peer.version = news.version;
}

void Table::received_seen(ServerId from, const SeenPage& page, WallMs wall) {
  for (const Entry& entry : page.entries) see(entry.account, entry.info.last_seen_ms, wall);
  const auto found = peers_.find(from);
  if (found == peers_.end() || found->second.seen_after != page.after) return;
  Peer& peer = found->second;
  peer.seen_asked_at.reset();
  if (page.more && !page.entries.empty() && page.entries.back().account > page.after) {
    peer.seen_after = page.entries.back().account;
  } else {
    peer.seen_after.reset();
  }
}

void Table::link_broke(ServerId from, TimeUs now) {
  const auto found = peers_.find(from);
  if (found != peers_.end() && !found->second.broken_at) found->second.broken_at = now;
}

std::vector<Want> Table::wants(TimeUs now) {
  std::vector<Want> all;
  const auto due = [&](std::optional<TimeUs>& asked_at) {
    if (asked_at && now - *asked_at < limits_.ask_again_us) return false;
    asked_at = now;
    return true;
  };
  for (auto& [id, peer] : peers_) {
    Want want{id, false, std::nullopt};
    want.whole = !peer.complete && due(peer.asked_at);
    if (peer.complete && peer.seen_after && due(peer.seen_asked_at))
      want.seen_after = peer.seen_after;
    if (want.whole || want.seen_after) all.push_back(want);
  }
  return all;
}

}  // namespace starling::presence
