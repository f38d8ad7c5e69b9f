// What one row of the timeline shows, beside its neighbours. See timeline_model.h.
#include "qml-client/src/format.h"
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
  }
  return {};
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
          {ColorRole, "colorIndex"}};
}

TimelineModel::MessageState TimelineModel::state_of_row(const Row& row) const {
  const bool read = row.state == Replicated && row.message.seq <= peer_read_;
  return read ? Read : row.state;
}

const TimelineModel::Row* TimelineModel::older_than(int row) const {
  return row + 1 < count() ? &rows_[static_cast<std::size_t>(row + 1)] : nullptr;
}

const TimelineModel::Row* TimelineModel::newer_than(int row) const {
  return row > 0 ? &rows_[static_cast<std::size_t>(row - 1)] : nullptr;
}

bool TimelineModel::same_group(const Row& a, const Row& b) {
  return a.message.sender_id == b.message.sender_id &&
         std::abs(a.message.sent_at_ms - b.message.sent_at_ms) < kGroupMs &&
         local(a.message.sent_at_ms).date() == local(b.message.sent_at_ms).date();
}

bool TimelineModel::starts_day(int row) const {
  const Row* older = older_than(row);
  return older == nullptr ||
         local(older->message.sent_at_ms).date() !=
             local(rows_[static_cast<std::size_t>(row)].message.sent_at_ms).date();
}

QVariant TimelineModel::text_of(int at, const Row& row, int role) const {
  const QString name = QString::fromStdString(row.message.sender);
  const auto known = names_.find(name);
  const QString shown = known == names_.end() ? name : known->second;
  switch (role) {
    case BodyRole:
      return row.message.deleted ? tr("This message was deleted.")
                                 : QString::fromStdString(row.message.body);
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
