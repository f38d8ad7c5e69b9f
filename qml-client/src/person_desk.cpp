// See person_desk.h.
#include "qml-client/src/person_desk.h"

#include <QDateTime>

#include "qml-client/src/answer.h"
#include "qml-client/src/format.h"
#include "qml-client/src/sentences.h"

namespace starling_app {

QString PersonDesk::display_name() const {
  const QString shown = in_one_line(QString::fromStdString(profile_.account.display_name));
  if (loaded_) return shown.isEmpty() ? name_ : shown;
  return known_as_.isEmpty() ? name_ : known_as_;
}

QString PersonDesk::since() const {
  return profile_.account.created_at_ms == 0
             ? QString()
             : date_text(QDateTime::fromMSecsSinceEpoch(profile_.account.created_at_ms));
}

QString PersonDesk::person_initials() const { return initials(display_name()); }
int PersonDesk::color_index() const { return avatar_color(name_); }

void PersonDesk::set_presence(const PresenceBook* book) {
  presence_ = book;
  connect(book, &PresenceBook::time_passed, this, &PersonDesk::changed);
  connect(book, &PresenceBook::presence_changed, this, [this](qint64 account) {
    if (account == 0 || account == account_id()) emit changed();
  });
}

void PersonDesk::begin(const starling::Session& session) { session_ = session; }

void PersonDesk::reset() {
  session_.reset();
  show({}, {});
}

void PersonDesk::show(const QString& name, const QString& display_name) {
  ++generation_;
  name_ = name;
  known_as_ = display_name;
  profile_ = {};
  loaded_ = busy_ = false;
  error_.clear();
  emit changed();
  reload();
}

void PersonDesk::end(const QString& sentence) {
  busy_ = false;
  error_ = sentence;
  emit changed();
}

void PersonDesk::reload() {
  if (!session_ || name_.isEmpty() || busy_) return;
  busy_ = true;
  error_.clear();
  emit changed();
  (void)session_->profile_async(
      name_.toStdString(),
      answer<starling::Profile>(QPointer<PersonDesk>(this), generation_,
                                [](PersonDesk& desk, const auto& result) {
                                  if (!result.ok()) return desk.end(person_error(result.error()));
                                  desk.profile_ = result.value();
                                  desk.loaded_ = true;
                                  desk.end({});
                                }));
}

void PersonDesk::changed_elsewhere(qint64 account_id) {
  if (loaded_ && account_id == profile_.account.id) reload();
}

void PersonDesk::setBlocked(bool blocked) {
  if (!session_ || !loaded_ || busy_ || is_self()) return;
  busy_ = true;
  error_.clear();
  emit changed();
  (void)session_->set_block_async(
      name_.toStdString(), blocked,
      answer<starling::Unit>(QPointer<PersonDesk>(this), generation_,
                             [blocked](PersonDesk& desk, const auto& result) {
                               if (!result.ok()) return desk.end(person_error(result.error()));
                               desk.profile_.blocked = blocked;
                               desk.end({});
                               emit desk.block_changed();
                             }));
}

}  // namespace starling_app
