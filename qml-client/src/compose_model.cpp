// See compose_model.h.
#include "qml-client/src/compose_model.h"

#include <utility>

#include "qml-client/src/format.h"
#include "qml-client/src/mentions.h"
#include "qml-client/src/sentences.h"

namespace starling_app {

ComposeModel::ComposeModel(TimelineModel& timeline, QObject* parent)
    : QObject(parent), timeline_(timeline) {
  draft_timer_.setSingleShot(true);
  draft_timer_.setInterval(kDraftMs);
  connect(&draft_timer_, &QTimer::timeout, this, &ComposeModel::save);
  connect(&timeline_, &QAbstractItemModel::dataChanged, this, &ComposeModel::quote);
}

ComposeModel::Words ComposeModel::words() const {
  if (mode_ == Edit) return before_;
  return {text_, mode_ == Reply ? target_ : 0};
}

void ComposeModel::set_mode(Mode mode, qint64 target) {
  mode_ = mode;
  target_ = target;
  quote_title_.clear();
  quote_body_.clear();
  quote();
  emit mode_changed();
}

// What is answered may change, or come, while one writes.
void ComposeModel::quote() {
  if (mode_ == Plain || timeline_.conversation() != conversation_) return;
  timeline_.want_quote(target_);  // Its row may leave the window, or not be in it.
  const starling::Message* message = timeline_.known_message(target_);
  if (message == nullptr) return;
  const QString title =
      mode_ == Edit
          ? tr("Edit message")
          : tr("Reply to %1")
                .arg(isolated(timeline_.shown_name(QString::fromStdString(message->sender))));
  const QString body = quote_line(
      *message, [this](const QString& name, bool) { return timeline_.shown_name(name); });
  if (title == quote_title_ && body == quote_body_) return;
  quote_title_ = title;
  quote_body_ = body;
  emit mode_changed();
}

void ComposeModel::replace(const QString& text) {
  text_ = text;
  cursor_ = static_cast<int>(text.size());
  suggestions_.set({});
  emit textReplaced(text, cursor_);
}

void ComposeModel::open(qint64 conversation, const starling::Draft& draft) {
  if (conversation == conversation_) return;
  save();
  conversation_ = conversation;
  people_.clear();
  typed_.invalidate();
  saved_ = {QString::fromStdString(draft.body), draft.reply_to};
  set_mode(saved_.reply_to > 0 ? Reply : Plain, saved_.reply_to);
  replace(saved_.body);
}

void ComposeModel::apply_draft(qint64 conversation, const starling::Draft& draft) {
  if (conversation != conversation_ || conversation == 0) return;
  const bool lately = typed_.isValid() && typed_.elapsed() < kLatelyMs;
  if (under_way_.contains(conversation) || lately || mode_ == Edit || words() != saved_) return;
  const Words told{QString::fromStdString(draft.body), draft.reply_to};
  if (told == saved_) return;
  saved_ = told;
  set_mode(told.reply_to > 0 ? Reply : Plain, told.reply_to);
  replace(told.body);
}

// One at a time in each conversation: an earlier word never comes after a later one.
void ComposeModel::save() {
  draft_timer_.stop();
  if (conversation_ == 0) return;
  const Words now = words();
  if (now == saved_) return;
  saved_ = now;
  const auto waiting = under_way_.find(conversation_);
  if (waiting != under_way_.end()) {
    waiting->second = now;
    return;
  }
  under_way_[conversation_] = std::nullopt;
  emit draft_wanted(conversation_, now.body, now.reply_to);
}

void ComposeModel::draft_answered(qint64 conversation) {
  const auto at = under_way_.find(conversation);
  if (at == under_way_.end()) return;
  if (!at->second) {
    under_way_.erase(at);
    return;
  }
  const Words next = *std::exchange(at->second, std::nullopt);
  emit draft_wanted(conversation, next.body, next.reply_to);
}

void ComposeModel::sent() {
  before_ = mode_ == Edit ? before_ : Words{};
  const Words next = std::exchange(before_, {});
  set_mode(next.reply_to > 0 ? Reply : Plain, next.reply_to);
  replace(next.body);
  save();
}

void ComposeModel::reset() {
  draft_timer_.stop();
  conversation_ = 0;
  saved_ = before_ = {};
  under_way_.clear();
  people_.clear();
  set_mode(Plain, 0);
  replace({});
}

void ComposeModel::typed(const QString& text, int cursor) {
  const bool changed = text != text_;
  text_ = text;
  cursor_ = cursor;
  if (changed) {
    typed_.start();
    if (mode_ != Edit) draft_timer_.start();
    if (mode_ != Edit && conversation_ != 0 && !text.trimmed().isEmpty()) {
      emit typing(conversation_);
    }
  }
  suggest();
}

void ComposeModel::beginReply(qint64 seq) {
  const starling::Message* message = timeline_.stored_message(seq);
  if (message == nullptr || message->deleted) return;
  if (mode_ == Edit) cancel();
  set_mode(Reply, seq);
  draft_timer_.start();
  emit focusWanted();
}

void ComposeModel::beginEdit(qint64 seq) {
  const starling::Message* message = timeline_.stored_message(seq);
  if (message == nullptr || message->deleted) return;
  if (mode_ != Edit) before_ = words();
  set_mode(Edit, seq);
  replace(QString::fromStdString(message->body));
  emit focusWanted();
}

bool ComposeModel::editLast() {
  const qint64 seq = timeline_.last_editable();
  if (seq == 0 || mode_ != Plain || !text_.isEmpty()) return false;
  beginEdit(seq);
  return true;
}

void ComposeModel::cancel() {
  if (mode_ == Edit) {
    const Words back = std::exchange(before_, {});
    set_mode(back.reply_to > 0 ? Reply : Plain, back.reply_to);
    return replace(back.body);
  }
  set_mode(Plain, 0);
  draft_timer_.start();
}

void ComposeModel::set_people(std::vector<starling::Account> people) {
  people_ = std::move(people);
  suggest();
}

void ComposeModel::suggest() {
  const MentionPrefix mention = mention_before(text_, cursor_);
  std::vector<starling::Account> fitting;
  if (mention.start >= 0) {
    for (const starling::Account& account : people_) {
      const QString name = QString::fromStdString(account.name);
      const bool fits = name.startsWith(mention.prefix) ||
                        shown_as(account).startsWith(mention.prefix, Qt::CaseInsensitive);
      if (fits && !name.isEmpty() && name != mention.prefix) fitting.push_back(account);
      if (fitting.size() == kSuggestions) break;
    }
  }
  if (fitting.empty() && suggestions_.count() == 0) return;
  suggestions_.set(std::move(fitting));
}

void ComposeModel::complete(const QString& name) {
  const MentionPrefix mention = mention_before(text_, cursor_);
  if (mention.start < 0) return;
  QString behind = text_.mid(mention.start + 1 + mention.prefix.size());
  if (!behind.startsWith(u' ')) behind.prepend(u' ');
  const QString text = text_.left(mention.start) + u'@' + name + behind;
  const int cursor = mention.start + static_cast<int>(name.size()) + 2;
  suggestions_.set({});
  text_ = text;
  cursor_ = cursor;
  draft_timer_.start();
  emit textReplaced(text, cursor);
}

void ComposeModel::dismiss() { suggestions_.set({}); }

}  // namespace starling_app
