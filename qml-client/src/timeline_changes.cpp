// What is done to messages that are there: deletions, edits, reactions, marks, and what is quoted.
// See timeline_model.h.
#include <algorithm>
#include <utility>

#include "qml-client/src/format.h"
#include "qml-client/src/mentions.h"
#include "qml-client/src/timeline_model.h"

namespace starling_app {
namespace {

// Far more than a window shows at a time; then what is still needed is asked for again.
constexpr std::size_t kMaxQuotes = 4'096;

void count_reaction(std::vector<starling::Reaction>& reactions, const std::string& emoji, bool own,
                    bool on) {
  auto at = std::find_if(reactions.begin(), reactions.end(),
                         [&](const starling::Reaction& one) { return one.emoji == emoji; });
  if (at == reactions.end()) {
    if (!on) return;
    at = reactions.insert(reactions.end(), {emoji, 0, false});
  }
  if (own) {
    if (at->mine == on) return;  // Told before.
    at->mine = on;
  }
  at->count += on ? 1 : -1;
  if (at->count <= 0) reactions.erase(at);
}

}  // namespace

TimelineModel::Row* TimelineModel::row_of(qint64 seq, int& at) {
  at = stored_row(seq);
  if (at >= count() || rows_[static_cast<std::size_t>(at)].message.seq != seq) return nullptr;
  return &rows_[static_cast<std::size_t>(at)];
}

const starling::Message* TimelineModel::stored_message(qint64 seq) const {
  const int at = stored_row(seq);
  if (seq <= 0 || at >= count()) return nullptr;
  const Row& row = rows_[static_cast<std::size_t>(at)];
  return row.message.seq == seq ? &row.message : nullptr;
}

qint64 TimelineModel::last_editable() const {
  const auto at =
      std::find_if(rows_.begin(), rows_.end(), [this](const Row& row) { return can_edit(row); });
  return at == rows_.end() ? 0 : at->message.seq;
}

void TimelineModel::all_changed() {
  if (count() > 0) emit dataChanged(index(0), index(count() - 1));
}

const starling::Message* TimelineModel::known_message(qint64 seq) const {
  if (const starling::Message* stored = stored_message(seq)) return stored;
  const auto quote = quotes_.find(seq);
  return quote == quotes_.end() ? nullptr : &quote->second;
}

bool TimelineModel::outdated(const starling::Message& message) const {
  const starling::Message now = amendments_.heed(message);
  return now.edits > message.edits || gone(message.conversation_id, message.seq);
}

void TimelineModel::apply_deleted(qint64 conversation, qint64 seq) {
  amendments_.add_deleted(conversation, seq);
  emit amended(conversation, seq);
  if (conversation != conversation_) return;
  if (const auto quote = quotes_.find(seq); quote != quotes_.end()) quote->second.deleted = true;
  int at = 0;
  if (Row* row = row_of(seq, at); row != nullptr) {
    row->message.deleted = true;
    row->message.body.clear();
    row->message.reactions.clear();
  }
  all_changed();  // Answers to it are among them.
}

void TimelineModel::apply_edited(const starling::Message& message) {
  amendments_.add_edited(message);
  emit amended(message.conversation_id, message.seq);
  if (message.conversation_id != conversation_) return;
  const auto quote = quotes_.find(message.seq);
  if (quote != quotes_.end()) take_edit(quote->second, message);
  int at = 0;
  Row* row = row_of(message.seq, at);
  if (row != nullptr && !row->message.deleted && !row->message.hidden) {
    take_edit(row->message, message);
    row->message.mentions_me = row->state == Incoming && mentions(row->message.body, self_name_);
  }
  all_changed();
}

void TimelineModel::apply_hidden(qint64 conversation, qint64 seq) {
  amendments_.add_hidden(conversation, seq);
  emit amended(conversation, seq);
  if (conversation != conversation_) return;
  if (const auto quote = quotes_.find(seq); quote != quotes_.end()) quote->second.hidden = true;
  int at = 0;
  if (Row* row = row_of(seq, at); row != nullptr) {
    row->message.hidden = true;
    row->message.body.clear();
  }
  all_changed();
}

void TimelineModel::apply_reaction(qint64 conversation, qint64 seq, qint64 account,
                                   const std::string& emoji, bool on) {
  int at = 0;
  Row* row = conversation == conversation_ ? row_of(seq, at) : nullptr;
  if (row == nullptr || row->message.deleted) return;
  count_reaction(row->message.reactions, emoji, account == self_, on);
  emit dataChanged(index(at), index(at), {ReactionsRole});
  emit message_wanted(conversation_, seq);
}

void TimelineModel::apply_answer(qint64 conversation, qint64 seq,
                                 const starling::Message* message) {
  if (conversation != conversation_) return;
  int at = 0;
  Row* row = row_of(seq, at);
  if (message == nullptr) return;
  const starling::Message now = amendments_.heed(*message);
  if (row != nullptr && !row->message.deleted) {
    row->message.reactions = now.reactions;
    emit dataChanged(index(at), index(at), {ReactionsRole});
  }
  if (!quotes_asked_.contains(seq)) return;
  quotes_[seq] = now;
  want_names(now);
  if (count() > 0) {
    emit dataChanged(index(0), index(count() - 1), {ReplySenderRole, ReplyBodyRole});
  }
}

void TimelineModel::want_names(const starling::Message& message) {
  const auto want = [this](const QString& name) {
    if (name.isEmpty() || name == self_name_ || !names_asked_.insert(name).second) return;
    if (!names_.contains(name)) emit name_wanted(name);
  };
  if (message.sender_id != self_) want(QString::fromStdString(message.sender));
  for (const QString& name : names_in_system(message)) want(name);
}

void TimelineModel::want_quote(qint64 seq) {
  if (seq <= 0 || conversation_ == 0) return;
  if (quotes_asked_.size() >= kMaxQuotes) {
    quotes_.clear();
    quotes_asked_.clear();
  }
  if (!quotes_asked_.insert(seq).second) return;
  int at = 0;
  const Row* row = row_of(seq, at);
  if (row == nullptr || row->stale) {
    emit message_wanted(conversation_, seq);
  } else {
    quotes_[seq] = row->message;
  }
}

// What is there already, after a reload: its page asks for the rest.
void TimelineModel::want_quotes() {
  std::set<qint64> answered;
  for (const Row& row : rows_) {
    if (row.message.seq == 0) answered.insert(row.message.reply_to);
  }
  for (const qint64 seq : answered) want_quote(seq);
}

// A page, or the stream, has told of a message that is quoted.
void TimelineModel::quote_changed(qint64 seq) {
  const auto quote = quotes_.find(seq);
  const starling::Message* stored = stored_message(seq);
  if (quote != quotes_.end() && stored != nullptr) quote->second = *stored;
}

void TimelineModel::set_may_delete_all(bool may) {
  if (may == may_delete_all_) return;
  may_delete_all_ = may;
  if (count() > 0) emit dataChanged(index(0), index(count() - 1), {CanDeleteRole});
}

void TimelineModel::set_members(qint64 conversation, const std::vector<starling::Member>& others) {
  if (conversation != conversation_) return;
  others_.clear();
  for (const starling::Member& member : others) {
    others_.push_back(member.account.id);
    Marks& marks = marks_[member.account.id];
    marks.delivered = std::max<qint64>(marks.delivered, member.delivered_seq);
    marks.read = std::max<qint64>(marks.read, member.read_seq);
  }
  marks_changed();
}

void TimelineModel::apply_peer_read(qint64 conversation, qint64 seq, qint64 account) {
  if (conversation != conversation_) return;
  Marks& marks = marks_[account];
  if (seq <= marks.read) return;
  marks.read = seq;
  marks_changed();
}

void TimelineModel::apply_delivered(qint64 conversation, qint64 seq, qint64 account) {
  if (conversation != conversation_) return;
  Marks& marks = marks_[account];
  if (seq <= marks.delivered) return;
  marks.delivered = seq;
  marks_changed();
}

void TimelineModel::marks_changed() {
  all_ = {};
  bool first = true;
  for (const qint64 account : others_) {
    const Marks& marks = marks_[account];
    all_.read = first ? marks.read : std::min(all_.read, marks.read);
    all_.delivered = first ? marks.delivered : std::min(all_.delivered, marks.delivered);
    first = false;
  }
  if (count() > 0) emit dataChanged(index(0), index(count() - 1), {StateRole, StateTextRole});
}

}  // namespace starling_app
