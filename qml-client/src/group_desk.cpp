// See group_desk.h.
#include "qml-client/src/group_desk.h"

#include <string>
#include <vector>

#include "qml-client/src/answer.h"
#include "qml-client/src/format.h"

namespace starling_app {

using starling::MemberRole;
using starling::Unit;

GroupDesk::GroupDesk(QObject* parent) : QObject(parent) {
  connect(&members_, &MembersModel::page_wanted, this, &GroupDesk::load_members);
}

QString GroupDesk::title() const {
  return group_ ? QString::fromStdString(group_->title) : QString();
}

QString GroupDesk::members_sentence() const {
  return group_ ? members_text(group_->member_count) : QString();
}

bool GroupDesk::may_manage() const { return group_ && group_->role != MemberRole::kMember; }

bool GroupDesk::may_dissolve() const { return group_ && group_->role == MemberRole::kOwner; }

void GroupDesk::begin(const starling::Session& session) { session_ = session; }

void GroupDesk::reset() {
  ++generation_;
  session_.reset();
  busy_ = false;
  set_conversation(nullptr);
  clear();
}

void GroupDesk::set_conversation(const starling::Conversation* conversation) {
  const bool is_group =
      conversation != nullptr && conversation->kind == starling::ConversationKind::kGroup;
  const qint64 before = group_ ? group_->id : 0;
  if (!is_group && before == 0) return;
  group_.reset();
  if (is_group) group_ = *conversation;
  const qint64 now = group_ ? group_->id : 0;
  if (now != before) members_.open(now, session_ ? session_->account().id : 0);
  if (group_) members_.set_own_role(group_->role);
  emit changed();
}

void GroupDesk::changed_in(qint64 conversation) {
  if (group_ && group_->id == conversation) members_.reload();
}

void GroupDesk::load_members(qint64 conversation, qint64 after_id) {
  if (!session_) return;
  (void)session_->members_async(
      conversation, MembersModel::kPage, after_id,
      answer<starling::Page<starling::Member>>(
          QPointer<GroupDesk>(this), generation_,
          [conversation, after_id](GroupDesk& desk, const auto& result) {
            if (!result.ok()) {
              return desk.members_.apply_error(conversation, group_error(result.error()));
            }
            desk.members_.apply_page(conversation, after_id, result.value());
          }));
}

void GroupDesk::choose(const QString& name, const QString& display_name) {
  starling::Account account;
  account.name = name.toStdString();
  account.display_name = display_name.toStdString();
  chosen_.add(account);
}

void GroupDesk::unchoose(const QString& name) { chosen_.remove(name); }

void GroupDesk::clear() {
  chosen_.set({});
  error_.clear();
  emit status_changed();
}

bool GroupDesk::start() {
  if (!session_ || busy_) return false;
  busy_ = true;
  error_.clear();
  emit status_changed();
  return true;
}

void GroupDesk::end(const QString& sentence) {
  busy_ = false;
  error_ = sentence;
  emit status_changed();
  if (sentence.isEmpty()) emit finished();
}

namespace {

std::vector<std::string> strings(const QStringList& names) {
  std::vector<std::string> all;
  for (const QString& name : names) all.push_back(name.toStdString());
  return all;
}

// Ends with the error's sentence or none.
template <typename T>
starling::Done<T> ending(GroupDesk* desk, const int& generation,
                         void (*then)(GroupDesk&, const QString&)) {
  return answer<T>(QPointer<GroupDesk>(desk), generation,
                   [then](GroupDesk& owner, const auto& result) {
                     then(owner, result.ok() ? QString() : group_error(result.error()));
                   });
}

}  // namespace

void GroupDesk::create(const QString& title) {
  const QString trimmed = title.trimmed();
  if (trimmed.isEmpty()) return end(tr("Give the group a name."));
  if (!start()) return;
  (void)session_->create_group_async(
      trimmed.toStdString(), strings(chosen_.names()),
      answer<starling::Conversation>(QPointer<GroupDesk>(this), generation_,
                                     [](GroupDesk& desk, const auto& result) {
                                       if (!result.ok()) {
                                         return desk.end(group_error(result.error()));
                                       }
                                       desk.chosen_.set({});
                                       desk.end({});
                                       emit desk.created(result.value());
                                     }));
}

void GroupDesk::addChosen() {
  if (!group_ || chosen_.count() == 0 || !start()) return;
  (void)session_->add_members_async(
      group_->id, strings(chosen_.names()),
      answer<std::int64_t>(QPointer<GroupDesk>(this), generation_,
                           [](GroupDesk& desk, const auto& result) {
                             if (!result.ok()) return desk.end(group_error(result.error()));
                             desk.chosen_.set({});
                             desk.end({});
                           }));
}

void GroupDesk::rename(const QString& title) {
  if (!group_) return;
  if (title.trimmed().isEmpty()) return end(tr("Give the group a name."));
  if (!start()) return;
  (void)session_->rename_group_async(
      group_->id, title.trimmed().toStdString(),
      ending<Unit>(this, generation_,
                   [](GroupDesk& desk, const QString& error) { desk.end(error); }));
}

void GroupDesk::removeMember(qint64 account_id) {
  if (!group_ || !start()) return;
  (void)session_->remove_member_async(
      group_->id, account_id,
      ending<Unit>(this, generation_,
                   [](GroupDesk& desk, const QString& error) { desk.end(error); }));
}

void GroupDesk::set_role(qint64 account_id, MemberRole role) {
  if (!group_ || !start()) return;
  (void)session_->set_role_async(
      group_->id, account_id, role,
      ending<Unit>(this, generation_,
                   [](GroupDesk& desk, const QString& error) { desk.end(error); }));
}

void GroupDesk::setAdmin(qint64 account_id, bool admin) {
  set_role(account_id, admin ? MemberRole::kAdmin : MemberRole::kMember);
}

void GroupDesk::makeOwner(qint64 account_id) { set_role(account_id, MemberRole::kOwner); }

void GroupDesk::leave() {
  if (!group_ || !start()) return;
  const qint64 id = group_->id;
  (void)session_->leave_async(id, answer<Unit>(QPointer<GroupDesk>(this), generation_,
                                               [id](GroupDesk& desk, const auto& result) {
                                                 if (!result.ok()) {
                                                   return desk.end(group_error(result.error()));
                                                 }
                                                 desk.end({});
                                                 emit desk.left(id);
                                               }));
}

void GroupDesk::dissolve() {
  if (!group_ || !start()) return;
  const qint64 id = group_->id;
  (void)session_->dissolve_group_async(
      id, answer<Unit>(QPointer<GroupDesk>(this), generation_,
                       [id](GroupDesk& desk, const auto& result) {
                         if (!result.ok()) return desk.end(group_error(result.error()));
                         desk.end({});
                         emit desk.left(id);
                       }));
}

}  // namespace starling_app
