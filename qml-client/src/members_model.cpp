// See members_model.h.
#include "qml-client/src/members_model.h"

#include <algorithm>

#include "qml-client/src/format.h"
#include "qml-client/src/person_row.h"
#include "qml-client/src/presence_rows.h"
#include "qml-client/src/presence_text.h"

namespace starling_app {

using starling::MemberRole;

int MembersModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

bool MembersModel::lesser(const starling::Member& member) const {
  return member.account.id != self_ && member.role < own_role_;
}

QString MembersModel::shown_name(qint64 account) const {
  const auto at = std::find_if(members_.begin(), members_.end(),
                               [&](const auto& member) { return member.account.id == account; });
  return at == members_.end() ? QString() : shown_as(at->account);
}

QVariant MembersModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const starling::Member& member = members_.at(static_cast<std::size_t>(index.row()));
  const bool owner = own_role_ == MemberRole::kOwner && member.account.id != self_;
  switch (role) {
    case AccountIdRole:
      return QVariant::fromValue<qint64>(member.account.id);
    case NameRole:
      return QString::fromStdString(member.account.name);
    case DisplayNameRole:
      return shown_as(member.account);
    case InitialsRole:
      return initials(shown_as(member.account));
    case ColorRole:
      return avatar_color(QString::fromStdString(member.account.name));
    case RoleTextRole:
      return role_text(member.role);
    case SelfRole:
      return member.account.id == self_;
    case CanRemoveRole:
      return lesser(member) && own_role_ != MemberRole::kMember;
    case CanMakeAdminRole:
      return owner && member.role == MemberRole::kMember;
    case CanTakeAdminRole:
      return owner && member.role == MemberRole::kAdmin;
    case CanMakeOwnerRole:
      return owner;
    case OnlineRole:
      return presence_ != nullptr && presence_->online(member.account.id);
    case AwayRole:
      return presence_ != nullptr && presence_->away(member.account.id);
    case DetailRole:
      return detail_line(QString::fromStdString(member.account.name),
                         presence_ == nullptr ? QString() : presence_->text(member.account.id));
    default:
      return {};
  }
}

QHash<int, QByteArray> MembersModel::roleNames() const {
  return {{AccountIdRole, "accountId"},
          {NameRole, "name"},
          {DisplayNameRole, "displayName"},
          {InitialsRole, "initials"},
          {ColorRole, "colorIndex"},
          {RoleTextRole, "roleText"},
          {SelfRole, "isSelf"},
          {CanRemoveRole, "canRemove"},
          {CanMakeAdminRole, "canMakeAdmin"},
          {CanTakeAdminRole, "canTakeAdmin"},
          {CanMakeOwnerRole, "canMakeOwner"},
          {OnlineRole, "online"},
          {AwayRole, "away"},
          {DetailRole, "detail"}};
}

bool MembersModel::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && loaded_ && more_ && !loading_;
}

void MembersModel::fetchMore(const QModelIndex& parent) {
  if (canFetchMore(parent)) ask(last_id_);
}

void MembersModel::ask(qint64 after_id) {
  loading_ = true;
  asked_after_ = after_id;
  emit status_changed();
  emit page_wanted(conversation_, after_id);
}

void MembersModel::open(qint64 conversation, qint64 self) {
  beginResetModel();
  members_.clear();
  endResetModel();
  conversation_ = conversation;
  self_ = self;
  own_role_ = MemberRole::kMember;
  loading_ = loaded_ = more_ = false;
  asked_after_ = -1;
  notice_.clear();
  if (conversation != 0) return ask(0);
  emit status_changed();
}

void MembersModel::reload() {
  if (conversation_ != 0) ask(0);
}

void MembersModel::set_own_role(MemberRole role) {
  if (role == own_role_) return;
  own_role_ = role;
  if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

void MembersModel::set_presence(const PresenceBook* book) {
  presence_ = book;
  follow_presence(this, book,
                  [this](int row) { return members_[static_cast<std::size_t>(row)].account.id; });
}

void MembersModel::apply_page(qint64 conversation, qint64 after_id,
                              const starling::Page<starling::Member>& page) {
  if (conversation != conversation_ || after_id != asked_after_) return;
  beginResetModel();
  if (after_id == 0) members_.clear();
  members_.insert(members_.end(), page.items.begin(), page.items.end());
  std::stable_sort(members_.begin(), members_.end(), [](const auto& a, const auto& b) {
    if (a.role != b.role) return a.role > b.role;
    return shown_as(a.account).localeAwareCompare(shown_as(b.account)) < 0;
  });
  endResetModel();
  if (!page.items.empty()) last_id_ = page.items.back().account.id;
  more_ = page.more && !page.items.empty();
  loaded_ = true;
  loading_ = false;
  asked_after_ = -1;
  notice_.clear();
  emit status_changed();
}

void MembersModel::apply_error(qint64 conversation, const QString& sentence) {
  if (conversation != conversation_) return;
  loading_ = false;
  notice_ = sentence;
  emit status_changed();
}

}  // namespace starling_app
