// See account_desk.h.
#include "qml-client/src/account_desk.h"

#include <QDateTime>
#include <utility>

#include "qml-client/src/answer.h"
#include "qml-client/src/format.h"
#include "qml-client/src/sentences.h"

namespace starling_app {

using starling::Unit;

namespace {

QString changed_sentence(int ended) {
  if (ended == 0) return AccountDesk::tr("The password is changed.");
  return AccountDesk::tr("The password is changed. %n other device(s) was (were) logged out.",
                         nullptr, ended);
}

}  // namespace

QString AccountDesk::shown_name() const { return shown_as(account_); }

QString AccountDesk::since() const {
  return account_.created_at_ms == 0
             ? QString()
             : date_text(QDateTime::fromMSecsSinceEpoch(account_.created_at_ms));
}

QString AccountDesk::own_initials() const { return initials(shown_name()); }
int AccountDesk::color_index() const { return avatar_color(name()); }

void AccountDesk::begin(const starling::Session& session) {
  session_ = session;
  account_ = session.account();
  emit changed();
  reload();
}

void AccountDesk::reset() {
  ++generation_;
  session_.reset();
  account_ = {};
  sessions_.set({});
  blocked_.set({});
  blocked_pages_.clear();
  busy_ = sessions_loading_ = blocked_loading_ = blocked_wanted_ = false;
  clear();
  emit changed();
}

void AccountDesk::clear() {
  error_.clear();
  done_.clear();
  emit status_changed();
}

bool AccountDesk::start() {
  if (!session_ || busy_) return false;
  busy_ = true;
  clear();
  return true;
}

void AccountDesk::end(const QString& error, const QString& done) {
  busy_ = false;
  error_ = error;
  done_ = done;
  emit status_changed();
}

// What the log-in told lacks what the account says of itself.
void AccountDesk::reload() {
  if (!session_) return;
  (void)session_->profile_async(
      account_.name, answer<starling::Profile>(QPointer<AccountDesk>(this), generation_,
                                               [](AccountDesk& desk, const auto& result) {
                                                 if (!result.ok()) return;  // It stays as it was.
                                                 desk.account_ = result.value().account;
                                                 emit desk.changed();
                                               }));
}

void AccountDesk::saveProfile(const QString& display_name, const QString& about) {
  const QString shown = display_name.simplified();
  if (bytes(shown) > kMaxDisplayName) return end(tr("That name is too long."));
  if (bytes(about.trimmed()) > kMaxAbout)
    return end(tr("What you say about yourself is too long."));
  if (!start()) return;
  (void)session_->set_profile_async(
      shown.toStdString(), about.trimmed().toStdString(),
      answer<starling::Account>(QPointer<AccountDesk>(this), generation_,
                                [](AccountDesk& desk, const auto& result) {
                                  if (!result.ok()) return desk.end(group_error(result.error()));
                                  desk.account_ = result.value();
                                  emit desk.changed();
                                  desk.end({}, tr("Saved."));
                                }));
}

void AccountDesk::changePassword(const QString& present, const QString& fresh,
                                 const QString& again) {
  if (present.isEmpty()) return end(tr("Enter your present password."));
  if (bytes(fresh) < kMinPassword) {
    return end(tr("A password has at least %n letter(s).", nullptr, kMinPassword));
  }
  if (bytes(fresh) > kMaxPassword) return end(tr("That password is too long."));
  if (fresh != again) return end(tr("The new password was not typed the same twice."));
  if (!start()) return;
  (void)session_->change_password_async(
      present.toStdString(), fresh.toStdString(),
      answer<std::int64_t>(QPointer<AccountDesk>(this), generation_,
                           [](AccountDesk& desk, const auto& result) {
                             if (!result.ok()) return desk.end(password_error(result.error()));
                             const auto ended = static_cast<int>(result.value());
                             emit desk.passwordChanged();
                             desk.end({}, changed_sentence(ended));
                             if (desk.sessions_.count() > 0) desk.loadSessions();
                           }));
}

void AccountDesk::loadSessions() {
  if (!session_ || sessions_loading_) return;
  sessions_loading_ = true;
  emit status_changed();
  (void)session_->sessions_async(answer<std::vector<starling::SessionInfo>>(
      QPointer<AccountDesk>(this), generation_, [](AccountDesk& desk, const auto& result) {
        desk.sessions_loading_ = false;
        if (!result.ok()) return desk.end(group_error(result.error()));
        desk.sessions_.set(result.value());
        emit desk.status_changed();
      }));
}

void AccountDesk::endSession(qint64 id) {
  if (!start()) return;
  (void)session_->end_session_async(
      id,
      answer<Unit>(QPointer<AccountDesk>(this), generation_,
                   [id](AccountDesk& desk, const auto& result) {
                     // One that is gone already is what was asked for.
                     if (!result.ok() && result.error().code != starling::ErrorCode::kNotFound) {
                       return desk.end(group_error(result.error()));
                     }
                     desk.sessions_.remove(id);
                     desk.end({}, tr("That device is logged out."));
                   }));
}

void AccountDesk::reload_blocked() {
  if (blocked_wanted_) loadBlocked();
}

void AccountDesk::loadBlocked() {
  if (!session_ || blocked_loading_) return;
  blocked_wanted_ = blocked_loading_ = true;
  emit status_changed();
  blocked_pages_.clear();
  load_blocked(0);
}

void AccountDesk::load_blocked(qint64 after_id) {
  (void)session_->blocked_async(
      200, after_id,
      answer<starling::Page<starling::Account>>(
          QPointer<AccountDesk>(this), generation_, [](AccountDesk& desk, const auto& result) {
            if (!result.ok()) {
              desk.blocked_loading_ = false;
              return desk.end(group_error(result.error()));
            }
            const auto& page = result.value();
            auto& all = desk.blocked_pages_;
            all.insert(all.end(), page.items.begin(), page.items.end());
            if (page.more && !page.items.empty()) return desk.load_blocked(page.items.back().id);
            desk.blocked_.set(std::exchange(all, {}));
            desk.blocked_loading_ = false;
            emit desk.status_changed();
          }));
}

void AccountDesk::unblock(const QString& name) {
  if (!start()) return;
  (void)session_->set_block_async(
      name.toStdString(), false,
      answer<Unit>(QPointer<AccountDesk>(this), generation_,
                   [name](AccountDesk& desk, const auto& result) {
                     if (!result.ok()) return desk.end(group_error(result.error()));
                     desk.blocked_.remove(name);
                     desk.end({}, tr("%1 can write to you again.").arg(isolated(name)));
                     emit desk.unblocked(name);
                   }));
}

void AccountDesk::deleteAccount(const QString& password) {
  if (password.isEmpty()) return end(tr("Enter your password."));
  if (!start()) return;
  (void)session_->delete_account_async(
      password.toStdString(),
      answer<Unit>(QPointer<AccountDesk>(this), generation_,
                   [](AccountDesk& desk, const auto& result) {
                     if (result.ok()) {
                       desk.end({});
                       emit desk.deleted(tr("Your account is deleted."));
                     } else if (result.error().code == starling::ErrorCode::kUnauthenticated &&
                                result.error().may_have_happened) {
                       desk.end({});
                       emit desk.deleted(
                           tr("Your session has ended. Most likely your account is "
                              "deleted; logging in tells."));
                     } else {
                       desk.end(password_error(result.error()));
                     }
                   }));
}

}  // namespace starling_app
