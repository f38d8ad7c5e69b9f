// What one row of the timeline shows, beside its neighbours. See timeline_model.h.
#include "qml-client/src/format.h"
#include "qml-client/src/links.h"
#include "qml-client/src/timeline_model.h"

namespace starling_app {
namespace {

constexpr qint64 kGroupMs = 5 * 60 * 1'000;  // A longer pause begins a new group.

QDateTime local(qint64 ms) { return QDateTime::fromMSecsSinceEpoch(ms); }

QString state_text(TimelineModel::MessageState state) {
  switch (state) {
    case TimelineModel::Incoming:
      return {};
    case TimelineModel::Queued:
      return TimelineModel::tr("Waiting to be sent");
    case TimelineModel::Sent:
      return TimelineModel::tr("Sent, not confirmed yet");
    case TimelineModel::Replicated:
      return TimelineModel::tr("Stored on a majority of the servers");
    case TimelineModel::Delivered:
      return TimelineModel::tr("Delivered");
    case TimelineModel::Read:
      return TimelineModel::tr("Read");
    case TimelineModel::Failed:
      return TimelineModel::tr("Not sent");
    case TimelineModel::Cancelling:
      return TimelineModel::tr("Taken back. It may have been sent already.");
  }
  return {};
}

QVariantList links_of(const starling::Message& message) {
  QVariantList list;
  for (const Link& link : links_in(QString::fromStdString(message.body))) {
    list.append(QVariantMap{{QStringLiteral("start"), link.start},
                            {QStringLiteral("length"), link.length},
                            {QStringLiteral("url"), link.url.toString()}});
  }
  return list;
}

}  // namespace

QHash<int, QByteArray> TimelineModel::roleNames() const {
  return {{SeqRole, "seq"},
          {OutboxIdRole, "outboxId"},
          {BodyRole, "body"},
          {SenderRole, "sender"},
          {OwnRole, "own"},
          {TimeRole, "time"},
          {StateRole, "messageState"},
          {StateTextRole, "stateText"},
          {ErrorRole, "errorText"},
          {DeletedRole, "isDeleted"},
          {FirstOfGroupRole, "firstOfGroup"},
          {LastOfGroupRole, "lastOfGroup"},
          {DayRole, "day"},
          {InitialsRole, "initials"},
          {ColorRole, "colorIndex"},
          {KindRole, "kind"},
          {SystemTextRole, "systemText"},
          {ReplyToRole, "replyTo"},
          {ReplySenderRole, "replySender"},
          {ReplyBodyRole, "replyBody"},
          {EditedRole, "edited"},
          {EditCountRole, "editCount"},
          {ReactionsRole, "reactions"},
          {HiddenRole, "hidden"},
          {MentionsMeRole, "mentionsMe"},
          {UnreadAboveRole, "unreadAbove"},
          {LinksRole, "links"},
          {CanEditRole, "canEdit"},
          {CanDeleteRole, "canDelete"}};
}

TimelineModel::MessageState TimelineModel::state_of_row(const Row& row) const {
  if (row.state != Replicated) return row.state;
  if (row.message.seq <= all_.read) return Read;
  return row.message.seq <= all_.delivered ? Delivered : Replicated;
}

// The neighbours that are in sight.
const TimelineModel::Row* TimelineModel::older_than(int row) const {
  while (++row < count()) {
    const Row& older = rows_[static_cast<std::size_t>(row)];
    if (!older.message.hidden) return &older;
  }
  return nullptr;
}

const TimelineModel::Row* TimelineModel::newer_than(int row) const {
  while (--row >= 0) {
    const Row& newer = rows_[static_cast<std::size_t>(row)];
    if (!newer.message.hidden) return &newer;
  }
  return nullptr;
}

bool TimelineModel::same_group(const Row& a, const Row& b) {
  return a.message.kind == starling::MessageKind::kText &&
         b.message.kind == starling::MessageKind::kText &&
         a.message.sender_id == b.message.sender_id &&
         std::abs(a.message.sent_at_ms - b.message.sent_at_ms) < kGroupMs &&
         local(a.message.sent_at_ms).date() == local(b.message.sent_at_ms).date();
}

bool TimelineModel::can_edit(const Row& row) const {
  const starling::Message& message = row.message;
  return message.seq > 0 && message.kind == starling::MessageKind::kText && !message.deleted &&
         !message.hidden && row.state != Incoming;
}

bool TimelineModel::can_delete(const Row& row) const {
  const starling::Message& message = row.message;
  return message.seq > 0 && message.kind == starling::MessageKind::kText && !message.deleted &&
         !message.hidden && (row.state != Incoming || may_delete_all_);
}

QString TimelineModel::shown_name(const QString& account_name) const {
  if (account_name.isEmpty()) return tr("deleted account");
  const auto known = names_.find(account_name);
  return known == names_.end() ? account_name : known->second;
}

QString TimelineModel::name_in_sentence(const QString& account_name, bool begins) const {
  if (account_name == self_name_ && !self_name_.isEmpty()) return begins ? tr("You") : tr("you");
  return shown_name(account_name);
}

bool TimelineModel::starts_day(int row) const {
  if (rows_[static_cast<std::size_t>(row)].message.hidden) return false;
  const Row* older = older_than(row);
  return older == nullptr ||
         local(older->message.sent_at_ms).date() !=
             local(rows_[static_cast<std::size_t>(row)].message.sent_at_ms).date();
}

void TimelineModel::retranslate() {
  if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

bool TimelineModel::first_unread(int row) const {
  const Row& one = rows_[static_cast<std::size_t>(row)];
  if (unread_after_ < 0 || one.message.seq <= unread_after_ || one.message.hidden ||
      one.state != Incoming) {
    return false;
  }
  const Row* older = older_than(row);
  return older == nullptr ? loaded_ && !more_ : older->message.seq <= unread_after_;
}

void TimelineModel::forget_unread() {
  if (unread_after_ < 0) return;
  unread_after_ = -1;
  if (count() > 0) emit dataChanged(index(0), index(count() - 1), {UnreadAboveRole});
}

QVariant TimelineModel::text_of(int at, const Row& row, int role) const {
  const QString name = QString::fromStdString(row.message.sender);
  const QString shown = shown_name(name);
  switch (role) {
    case BodyRole:
      return row.message.deleted ? tr("This message was deleted.")
                                 : QString::fromStdString(row.message.body);
    case SystemTextRole:
      return row.message.kind == starling::MessageKind::kText
                 ? QString()
                 : system_sentence(row.message, [this](const QString& account, bool begins) {
                     return name_in_sentence(account, begins);
                   });
    case SenderRole:
      return shown;
    case TimeRole:
      return clock_time(local(row.message.sent_at_ms));
    case StateTextRole:
      return state_text(state_of_row(row));
    case ErrorRole:
      return row.error;
    case DayRole:
      return starts_day(at) ? day_title(local(row.message.sent_at_ms), QDateTime::currentDateTime())
                            : QString();
    case InitialsRole:
      return initials(shown);
    case ColorRole:
      return avatar_color(name);
    default:
      return more_of(at, row, role);
  }
}

QVariant TimelineModel::reply_of(const Row& row, int role) const {
  if (row.message.reply_to == 0) return QString();
  const starling::Message* answered = stored_message(row.message.reply_to);
  if (answered == nullptr) {
    const auto kept = quotes_.find(row.message.reply_to);
    if (kept == quotes_.end()) return QString();
    answered = &kept->second;
  }
  const auto name_of = [this](const QString& account, bool begins) {
    return name_in_sentence(account, begins);
  };
  return role == ReplySenderRole ? name_of(QString::fromStdString(answered->sender), true)
                                 : quote_line(*answered, name_of);
}

QVariant TimelineModel::more_of(int at, const Row& row, int role) const {
  const starling::Message& message = row.message;
  switch (role) {
    case ReplyToRole:
      return QVariant::fromValue<qint64>(message.deleted ? 0 : message.reply_to);
    case ReplySenderRole:
    case ReplyBodyRole:
      return reply_of(row, role);
    case EditedRole:
      return message.edits > 0 && !message.deleted;
    case EditCountRole:
      return static_cast<int>(message.edits);
    case ReactionsRole: {
      QVariantList list;
      if (message.deleted) return list;
      for (const starling::Reaction& one : message.reactions) {
        list.append(QVariantMap{{QStringLiteral("emoji"), QString::fromStdString(one.emoji)},
                                {QStringLiteral("count"), static_cast<int>(one.count)},
                                {QStringLiteral("mine"), one.mine}});
      }
      return list;
    }
    case UnreadAboveRole:
      return first_unread(at);
    case LinksRole:
      return message.deleted ? QVariantList() : links_of(message);
    case HiddenRole:
      return message.hidden;
    case MentionsMeRole:
      return message.mentions_me && !message.deleted;
    case CanEditRole:
      return can_edit(row);
    case CanDeleteRole:
      return can_delete(row);
    default:
      return {};
  }
}

QVariant TimelineModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const int at = index.row();
  const Row& row = rows_.at(static_cast<std::size_t>(at));
  switch (role) {
    case SeqRole:
      return QVariant::fromValue<qint64>(row.message.seq);
    case OutboxIdRole:
      return QVariant::fromValue<qint64>(row.outbox_id);
    case OwnRole:
      return row.state != Incoming;
    case KindRole:
      return row.message.kind == starling::MessageKind::kText ? Text : System;
    case StateRole:
      return static_cast<int>(state_of_row(row));
    case DeletedRole:
      return row.message.deleted;
    case FirstOfGroupRole: {
      const Row* older = older_than(at);
      return older == nullptr || !same_group(*older, row);
    }
    case LastOfGroupRole: {
      const Row* newer = newer_than(at);
      return newer == nullptr || !same_group(*newer, row);
    }
    default:
      return text_of(at, row, role);
  }
}

}  // namespace starling_app
