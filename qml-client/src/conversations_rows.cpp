// What one row of the list shows. See conversations_model.h.
#include "qml-client/src/conversations_model.h"
#include "qml-client/src/format.h"
#include "qml-client/src/presence_text.h"
#include "qml-client/src/sentences.h"

namespace starling_app {

QVariant ConversationsModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Row& row = rows_.at(static_cast<std::size_t>(index.row()));
  switch (role) {
    case IdRole:
      return QVariant::fromValue<qint64>(row.conversation.id);
    case TitleRole:
      return row.display_name;
    case PreviewRole:
      return preview(row);
    case TimeRole:
      return time(row) == 0 ? QString()
                            : list_time(QDateTime::fromMSecsSinceEpoch(time(row)),
                                        QDateTime::currentDateTime());
    case UnreadRole:
      return seen(row) ? 0 : static_cast<int>(row.conversation.unread_count);
    case InitialsRole:
      return initials(row.display_name);
    case ColorRole:
      return avatar_color(QString::fromStdString(row.conversation.title));
    case CurrentRole:
      return row.conversation.id == current_;
    case GroupRole:
      return is_group(row.conversation);
    case MemberCountRole:
      return static_cast<int>(row.conversation.member_count);
    case MentionsRole:
      return seen(row) ? 0 : static_cast<int>(row.conversation.mention_count);
    case MemberRoleRole:
      return is_group(row.conversation) ? role_text(row.conversation.role) : QString();
    case OnlineRole:
      return presence_ != nullptr && presence_->online(row.conversation.peer_id);
    case AwayRole:
      return presence_ != nullptr && presence_->away(row.conversation.peer_id);
    case PresenceRole:
      return presence_ == nullptr ? QString() : presence_->word(row.conversation.peer_id);
    case TypingRole:
      return presence_ == nullptr || presence_->typing(row.conversation.id).empty() ? QString()
                                                                                    : typing_text();
    default:
      return {};
  }
}

QHash<int, QByteArray> ConversationsModel::roleNames() const {
  return {{IdRole, "conversationId"}, {TitleRole, "title"},
          {PreviewRole, "preview"},   {TimeRole, "time"},
          {UnreadRole, "unread"},     {InitialsRole, "initials"},
          {ColorRole, "colorIndex"},  {CurrentRole, "isCurrent"},
          {GroupRole, "isGroup"},     {MemberCountRole, "memberCount"},
          {MentionsRole, "mentions"}, {MemberRoleRole, "memberRole"},
          {OnlineRole, "online"},     {AwayRole, "away"},
          {PresenceRole, "presence"}, {TypingRole, "typing"}};
}

void ConversationsModel::retranslate() {
  renew();
  touch_all();
}

void ConversationsModel::touch_all() {
  if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

void ConversationsModel::touch_peer(qint64 account) {
  if (account == 0) return touch_all();
  for (int at = 0; at < count(); ++at) {
    if (rows_[static_cast<std::size_t>(at)].conversation.peer_id == account) touch(at);
  }
}

void ConversationsModel::add_peers(std::vector<qint64>& accounts) const {
  for (const Row& row : rows_) {
    if (row.conversation.peer_id != 0) accounts.push_back(row.conversation.peer_id);
  }
}

void ConversationsModel::set_presence(const PresenceBook* book) {
  presence_ = book;
  connect(book, &PresenceBook::presence_changed, this, &ConversationsModel::touch_peer);
  connect(book, &PresenceBook::typing_changed, this, [this](qint64 conversation) {
    if (const int at = find(conversation); at >= 0) touch(at);
  });
}

QString ConversationsModel::preview(const Row& row) const {
  const auto waiting = waiting_.find(row.conversation.id);
  if (waiting != waiting_.end()) return tr("You: %1").arg(isolated(waiting->second.text));
  const starling::Conversation& conversation = row.conversation;
  if (!conversation.draft.body.empty() && conversation.id != current_) {
    return tr("Draft: %1").arg(isolated(one_line(QString::fromStdString(conversation.draft.body))));
  }
  return row.preview.isEmpty() ? tr("No messages yet") : row.preview;
}

QString ConversationsModel::name_in_sentence(const QString& account_name, bool begins) const {
  if (account_name == self_name_ && !self_name_.isEmpty()) return begins ? tr("You") : tr("you");
  return account_name.isEmpty() ? tr("deleted account") : account_name;
}

QString ConversationsModel::preview_of(const Row& row, const starling::Message& message) const {
  QString text;
  if (row.preview_deleted) {
    text = tr("Message deleted");
  } else if (message.hidden) {
    text = tr("Message hidden");
  } else if (message.kind != starling::MessageKind::kText) {
    return system_sentence(message, [this](const QString& name, bool begins) {
      return name_in_sentence(name, begins);
    });
  } else {
    text = one_line(QString::fromStdString(message.body));
  }
  if (row.preview_own) return tr("You: %1").arg(isolated(text));
  if (!is_group(row.conversation) || message.sender.empty()) return text;
  return tr("%1: %2").arg(isolated(QString::fromStdString(message.sender)), isolated(text));
}

}  // namespace starling_app
