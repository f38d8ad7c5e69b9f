// See palette_model.h.
#include "qml-client/src/palette_model.h"

#include <algorithm>
#include <set>
#include <utility>

#include "qml-client/src/format.h"
#include "qml-client/src/fuzzy.h"
#include "qml-client/src/people_list.h"
#include "qml-client/src/people_model.h"

namespace starling_app {

PaletteModel::PaletteModel(const ConversationsModel& conversations, QObject* parent)
    : QAbstractListModel(parent), conversations_(conversations) {
  pause_.setSingleShot(true);
  pause_.setInterval(kPauseMs);
  connect(&pause_, &QTimer::timeout, this, [this] {
    if (!query_.trimmed().isEmpty()) {
      emit people_wanted(question_, PeopleModel::pattern(query_));
    }
  });
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) return {};
  const Row& row = rows_.at(static_cast<std::size_t>(index.row()));
  switch (role) {
    case KindRole:
      return row.kind;
    case TitleRole:
      return row.title;
    case DetailRole:
      return row.detail;
    case KeysRole:
      return row.keys;
    case InitialsRole:
      return initials(row.title);
    case ColorRole:
      return avatar_color(row.name);
    case GroupRole:
      return row.group;
    default:
      return {};
  }
}

QHash<int, QByteArray> PaletteModel::roleNames() const {
  return {{KindRole, "kind"},    {TitleRole, "title"},       {DetailRole, "detail"},
          {KeysRole, "keys"},    {InitialsRole, "initials"}, {ColorRole, "colorIndex"},
          {GroupRole, "isGroup"}};
}

void PaletteModel::begin() {
  ++question_;
  pause_.stop();
  people_.clear();
  query_.clear();
  emit query_changed();
  rank();
}

void PaletteModel::reset() {
  begin();
  beginResetModel();
  rows_.clear();
  endResetModel();
  emit count_changed();
}

void PaletteModel::set_query(const QString& query) {
  if (query == query_) return;
  query_ = query;
  ++question_;  // People of the last answer stay as long as they fit.
  pause_.start();
  emit query_changed();
  rank();
}

void PaletteModel::apply_people(int question, const std::vector<starling::Account>& people) {
  if (question != question_) return;
  people_ = people;
  rank();
}

void PaletteModel::add_conversations(std::vector<Row>& rows) const {
  for (int at = 0; at < conversations_.count(); ++at) {
    const QModelIndex index = conversations_.index(at);
    Row row;
    row.kind = Conversation;
    row.id = conversations_.data(index, ConversationsModel::IdRole).toLongLong();
    row.title = conversations_.title(row.id);
    row.name = conversations_.peer_name(row.id);
    row.group = conversations_.group(row.id);
    if (!row.group) row.detail = row.name;
    row.score =
        std::max(fuzzy_score(query_, row.title), row.group ? -1 : fuzzy_score(query_, row.name));
    if (row.score >= 0) rows.push_back(std::move(row));
  }
}

void PaletteModel::add_people(std::vector<Row>& rows) const {
  std::set<QString> there;  // A conversation with them is listed already.
  for (int at = 0; at < conversations_.count(); ++at) {
    const qint64 id =
        conversations_.data(conversations_.index(at), ConversationsModel::IdRole).toLongLong();
    if (!conversations_.group(id)) there.insert(conversations_.peer_name(id));
  }
  for (const starling::Account& account : people_) {
    Row row;
    row.kind = Person;
    row.name = QString::fromStdString(account.name);
    if (account.deleted || row.name == self_name_ || there.contains(row.name)) continue;
    row.title = shown_as(account);
    row.detail = row.name;
    row.score = std::max(fuzzy_score(query_, row.title), fuzzy_score(query_, row.name));
    if (row.score >= 0) rows.push_back(std::move(row));
  }
}

void PaletteModel::add_actions(std::vector<Row>& rows) const {
  for (const AppAction::Described& one : AppAction::all()) {
    Row row;
    row.title = one.title;
    row.keys = one.keys;
    row.id = one.action;
    row.score = fuzzy_score(query_, row.title);
    if (row.score >= 0) rows.push_back(std::move(row));
  }
}

// With nothing typed the newest conversations come first, then the actions. Else the best first,
// and among equals in that order.
void PaletteModel::rank() {
  std::vector<Row> rows;
  add_conversations(rows);
  if (query_.trimmed().isEmpty()) {
    if (rows.size() > kRecent) rows.resize(kRecent);
  } else {
    add_people(rows);
  }
  add_actions(rows);
  if (!query_.trimmed().isEmpty()) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.score > b.score; });
    if (rows.size() > kMost) rows.resize(kMost);
  }
  beginResetModel();
  rows_ = std::move(rows);
  endResetModel();
  emit count_changed();
}

void PaletteModel::choose(int row) {
  if (row < 0 || row >= count()) return;
  const Row chosen = rows_[static_cast<std::size_t>(row)];
  switch (chosen.kind) {
    case Conversation:
      return emit conversationChosen(chosen.id);
    case Person:
      return emit personChosen(chosen.name);
    case Action:
      return emit actionChosen(static_cast<int>(chosen.id));
  }
}

}  // namespace starling_app
