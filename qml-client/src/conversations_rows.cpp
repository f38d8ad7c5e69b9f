// What one row of the list shows. See conversations_model.h.
#include "qml-client/src/conversations_model.h"
#include "qml-client/src/format.h"

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
          {MentionsRole, "mentions"}, {MemberRoleRole, "memberRole"}};
}

void ConversationsModel::retranslate() {
  doubt_previews();
  if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

QString ConversationsModel::preview(const Row& row) const {
  const auto waiting = waiting_.find(row.conversation.id);
  if (waiting != waiting_.end()) return tr("You: %1").arg(waiting->second.text);
  const starling::Conversation& conversation = row.conversation;
  if (!conversation.draft.body.empty() && conversation.id != current_) {
    return tr("Draft: %1").arg(one_line(QString::fromStdString(conversation.draft.body)));
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
  if (row.preview_own) return tr("You: %1").arg(text);
  if (!is_group(row.conversation) || message.sender.empty()) return text;
  return tr("%1: %2").arg(QString::fromStdString(message.sender), text);
}

}  // namespace starling_app
