// See presence_book.h.
#include "qml-client/src/presence_book.h"

#include <algorithm>
#include <utility>

#include "qml-client/src/presence_text.h"

namespace starling_app {

using starling::PresenceState;

PresenceBook::PresenceBook(Times times, QObject* parent)
    : QObject(parent), times_(std::move(times)) {
  expiry_.setSingleShot(true);
  connect(&expiry_, &QTimer::timeout, this, &PresenceBook::expire);
  refresh_.setInterval(times_.refresh_ms);
  connect(&refresh_, &QTimer::timeout, this, &PresenceBook::time_passed);
}

starling::Presence PresenceBook::of(qint64 account) const {
  const auto at = known_.find(account);
  if (at != known_.end()) return at->second;
  starling::Presence unknown;
  unknown.account_id = account;
  return unknown;
}

bool PresenceBook::online(qint64 account) const {
  return of(account).state == PresenceState::kOnline;
}

bool PresenceBook::away(qint64 account) const { return of(account).state == PresenceState::kAway; }

QString PresenceBook::text(qint64 account) const {
  return presence_text(of(account), times_.now());
}

QString PresenceBook::word(qint64 account) const { return presence_word(of(account)); }

std::vector<qint64> PresenceBook::typing(qint64 conversation) const {
  std::vector<qint64> accounts;
  const auto at = typing_.find(conversation);
  if (at == typing_.end()) return accounts;
  for (const Typer& typer : at->second) accounts.push_back(typer.account);
  return accounts;
}

void PresenceBook::set_watched(const std::vector<qint64>& accounts) {
  watched_ = {accounts.begin(), accounts.end()};
  std::vector<qint64> gone;
  for (const auto& [account, presence] : known_) {
    if (!watched_.contains(account)) gone.push_back(account);
  }
  for (const qint64 account : gone) {
    known_.erase(account);
    emit presence_changed(account);
  }
}

void PresenceBook::apply(const starling::Presence& presence) {
  if (!watched_.contains(presence.account_id)) return;  // An answer to an earlier list.
  if (of(presence.account_id) == presence) return;
  known_[presence.account_id] = presence;
  if (!refresh_.isActive()) refresh_.start();
  emit presence_changed(presence.account_id);
  if (presence.state != PresenceState::kOffline) return;
  std::vector<qint64> places;
  for (const auto& [conversation, typers] : typing_) places.push_back(conversation);
  for (const qint64 place : places) apply_message(place, presence.account_id);
}

void PresenceBook::apply_typing(qint64 conversation, qint64 account) {
  if (!typing_.contains(conversation) && typing_.size() >= kMaxPlaces) return;
  std::vector<Typer>& typers = typing_[conversation];
  const QDeadlineTimer until(times_.typing_ms);
  const auto same = std::find_if(typers.begin(), typers.end(),
                                 [&](const Typer& one) { return one.account == account; });
  if (same != typers.end()) {
    same->until = until;
    return;  // The timer rings for nobody, then, and is set again.
  }
  if (typers.size() >= kMaxTypers) return;
  typers.push_back({account, until});
  arm();
  emit typing_changed(conversation);
}

void PresenceBook::apply_message(qint64 conversation, qint64 sender) {
  end_typing(conversation, [sender](const Typer& one) { return one.account == sender; });
}

void PresenceBook::end_typing(qint64 conversation, const std::function<bool(const Typer&)>& over) {
  const auto at = typing_.find(conversation);
  if (at == typing_.end() || std::erase_if(at->second, over) == 0) return;
  if (at->second.empty()) typing_.erase(at);
  emit typing_changed(conversation);
}

void PresenceBook::expire() {
  std::vector<qint64> places;
  for (const auto& [conversation, typers] : typing_) places.push_back(conversation);
  for (const qint64 place : places) {
    end_typing(place, [](const Typer& one) { return one.until.hasExpired(); });
  }
  arm();
}

void PresenceBook::arm() {
  QDeadlineTimer next = QDeadlineTimer::Forever;
  for (const auto& [conversation, typers] : typing_) {
    for (const Typer& typer : typers) next = std::min(next, typer.until);
  }
  if (next.isForever()) return expiry_.stop();
  expiry_.start(static_cast<int>(next.remainingTime()) + 1);
}

void PresenceBook::reset() {
  watched_.clear();
  known_.clear();
  expiry_.stop();
  refresh_.stop();
  const auto typing = std::exchange(typing_, {});
  emit presence_changed(0);
  for (const auto& [conversation, typers] : typing) emit typing_changed(conversation);
}

}  // namespace starling_app
