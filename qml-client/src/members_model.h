// The members of the open group, the owner first, and what the account may do with each. It asks
// for pages by a signal and is given them. Lives on the GUI thread.
#pragma once

#include <QAbstractListModel>
#include <QQmlEngine>
#include <vector>

#include "qml-client/src/presence_book.h"
#include "starling/types.h"

namespace starling_app {

class MembersModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("Belongs to GroupDesk")
  Q_PROPERTY(int count READ count NOTIFY status_changed)
  Q_PROPERTY(bool loading READ loading NOTIFY status_changed)
  Q_PROPERTY(QString notice READ notice NOTIFY status_changed)

 public:
  enum Role {
    AccountIdRole = Qt::UserRole + 1,
    NameRole,
    DisplayNameRole,
    InitialsRole,
    ColorRole,
    RoleTextRole,
    SelfRole,
    CanRemoveRole,
    CanMakeAdminRole,
    CanTakeAdminRole,
    CanMakeOwnerRole,
    OnlineRole,  // "online", "away": how that person is, but for the account itself.
    AwayRole,
    DetailRole  // "detail": the account's name, and how that person is in words.
  };
  static constexpr int kPage = 200;

  explicit MembersModel(QObject* parent = nullptr) : QAbstractListModel(parent) {}

  int rowCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QHash<int, QByteArray> roleNames() const override;
  bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

  int count() const { return static_cast<int>(members_.size()); }
  bool loading() const { return loading_; }
  QString notice() const { return notice_; }
  bool complete() const { return loaded_ && !more_; }
  const std::vector<starling::Member>& members() const { return members_; }
  QString shown_name(qint64 account) const;  // Empty: it is not among those here.

  void open(qint64 conversation, qint64 self);  // 0: none.
  void reload();                                // What is shown stays until the answer is here.
  void set_own_role(starling::MemberRole role);
  void set_presence(const PresenceBook* book);  // From here on; it outlives the model.
  void apply_page(qint64 conversation, qint64 after_id,
                  const starling::Page<starling::Member>& page);
  void apply_error(qint64 conversation, const QString& sentence);

 signals:
  void status_changed();
  void page_wanted(qint64 conversation, qint64 after_id);

 private:
  bool lesser(const starling::Member& member) const;  // Somebody with less power than the account.
  void ask(qint64 after_id);

  std::vector<starling::Member> members_;
  const PresenceBook* presence_ = nullptr;
  qint64 conversation_ = 0;
  qint64 self_ = 0;
  qint64 last_id_ = 0;
  qint64 asked_after_ = -1;  // Of the question under way; other answers are late.
  starling::MemberRole own_role_ = starling::MemberRole::kMember;
  QString notice_;
  bool loading_ = false;
  bool loaded_ = false;
  bool more_ = false;
};

}  // namespace starling_app
