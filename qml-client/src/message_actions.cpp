// See message_actions.h.
#include "qml-client/src/message_actions.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <algorithm>

#include "qml-client/src/answer.h"
#include "qml-client/src/format.h"
#include "qml-client/src/links.h"
#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

QString gone_sentence() { return MessageActions::tr("That message is not there any more."); }

// What is done to messages fails for other reasons than logging in.
QString sentence_of(const starling::Error& error) {
  if (error.code == starling::ErrorCode::kNotFound) return gone_sentence();
  return group_error(error);
}

QVariantMap version(qint64 at_ms, const QString& body) {
  const QDateTime when = QDateTime::fromMSecsSinceEpoch(at_ms);
  return {{QStringLiteral("when"),
           day_title(when, QDateTime::currentDateTime()) + u' ' + clock_time(when)},
          {QStringLiteral("body"), body}};
}

}  // namespace

MessageActions::MessageActions(TimelineModel& timeline, QObject* parent)
    : QObject(parent), timeline_(timeline) {
  connect(&timeline_, &TimelineModel::jumped, this, &MessageActions::jumped);
  connect(&timeline_, &TimelineModel::amended, this, &MessageActions::amended);
}

QStringList MessageActions::emoji() {
  return {QStringLiteral("👍"), QStringLiteral("❤️"), QStringLiteral("😂"), QStringLiteral("😮"),
          QStringLiteral("😢"), QStringLiteral("🙏"),      QStringLiteral("🎉"), QStringLiteral("👀")};
}

void MessageActions::begin(const starling::Session& session) { session_ = session; }

void MessageActions::reset() {
  ++generation_;
  session_.reset();
  history_of_ = {};
  show_notice({});
  fail({});
}

void MessageActions::fail(const QString& sentence) {
  if (sentence == error_) return;
  error_ = sentence;
  emit error_changed();
}

void MessageActions::clearError() { fail({}); }

void MessageActions::openLink(const QString& url) {
  const QUrl link(url, QUrl::StrictMode);
  if (!is_web_link(link)) return;
  fail(QDesktopServices::openUrl(link)
           ? QString()
           : tr("Nothing here opens %1").arg(isolated(link.toString())));
}

void MessageActions::react(qint64 seq, const QString& emoji) {
  const starling::Message* message = timeline_.stored_message(seq);
  if (!session_ || message == nullptr || message->deleted) return;
  fail({});
  const std::string wanted = emoji.toStdString();
  const auto& there = message->reactions;
  const bool on = std::none_of(there.begin(), there.end(), [&](const starling::Reaction& one) {
    return one.emoji == wanted && one.mine;
  });
  const qint64 id = timeline_.conversation();
  (void)session_->react_async(
      id, seq, wanted, on,
      answer<starling::Unit>(QPointer<MessageActions>(this), generation_,
                             [id, seq, wanted, on](MessageActions& self, const auto& result) {
                               if (!result.ok()) return self.fail(sentence_of(result.error()));
                               self.timeline_.apply_reaction(id, seq, self.session_->account().id,
                                                             wanted, on);
                             }));
}

void MessageActions::edit(qint64 seq, const QString& body) {
  if (!session_) return;
  fail({});
  const qint64 id = timeline_.conversation();
  (void)session_->edit_message_async(
      id, seq, body.toStdString(),
      answer<starling::Edited>(QPointer<MessageActions>(this), generation_,
                               [id, seq, body](MessageActions& self, const auto& result) {
                                 if (!result.ok()) {
                                   self.fail(sentence_of(result.error()));
                                   emit self.editRefused(body);
                                   return;
                                 }
                                 starling::Message now;
                                 now.conversation_id = id;
                                 now.seq = seq;
                                 now.body = body.toStdString();
                                 now.edits = result.value().edits;
                                 now.edited_at_ms = result.value().edited_at_ms;
                                 self.timeline_.apply_edited(now);
                               }));
}

void MessageActions::erase(qint64 seq) {
  if (!session_) return;
  fail({});
  const qint64 id = timeline_.conversation();
  (void)session_->delete_messages_async(
      id, {seq},
      answer<std::int64_t>(QPointer<MessageActions>(this), generation_,
                           [id, seq](MessageActions& self, const auto& result) {
                             if (!result.ok()) return self.fail(sentence_of(result.error()));
                             self.timeline_.apply_deleted(id, seq);
                           }));
}

void MessageActions::hide(qint64 seq) {
  if (!session_) return;
  fail({});
  const qint64 id = timeline_.conversation();
  (void)session_->hide_messages_async(
      id, {seq},
      answer<starling::Unit>(QPointer<MessageActions>(this), generation_,
                             [id, seq](MessageActions& self, const auto& result) {
                               if (!result.ok()) return self.fail(sentence_of(result.error()));
                               self.timeline_.apply_hidden(id, seq);
                             }));
}

void MessageActions::copy(qint64 seq) {
  const starling::Message* message = timeline_.stored_message(seq);
  if (message == nullptr) return;
  copyText(QString::fromStdString(message->body));
}

void MessageActions::copyText(const QString& text) { QGuiApplication::clipboard()->setText(text); }

void MessageActions::loadHistory(qint64 seq) {
  history_of_ = {timeline_.conversation(), seq};
  show_notice(tr("Loading…"));
  if (!session_) return;
  (void)session_->edits_async(timeline_.conversation(), seq,
                              answer<std::vector<starling::Edit>>(
                                  QPointer<MessageActions>(this), generation_,
                                  [asked = history_of_](MessageActions& self, const auto& result) {
                                    if (self.history_of_ != asked) return;
                                    if (!result.ok())
                                      return self.show_notice(sentence_of(result.error()));
                                    self.show_history(result.value());
                                  }));
}

void MessageActions::show_notice(const QString& sentence) {
  history_.clear();
  history_notice_ = sentence;
  emit history_changed();
}

// What was deleted, or hidden, has no earlier versions either.
void MessageActions::amended(qint64 conversation, qint64 seq) {
  if (history_of_ != Place{conversation, seq} || !timeline_.gone(conversation, seq)) return;
  show_notice(gone_sentence());
}

// Each edit tells when its words were replaced: they were said when those before were.
void MessageActions::show_history(const std::vector<starling::Edit>& edits) {
  const auto [conversation, seq] = history_of_;
  const starling::Message* message =
      conversation == timeline_.conversation() ? timeline_.known_message(seq) : nullptr;
  const bool gone = message != nullptr && (message->deleted || message->hidden);
  if (gone || timeline_.gone(conversation, seq)) return show_notice(gone_sentence());
  history_notice_.clear();
  history_.clear();
  qint64 said_ms = message == nullptr ? 0 : message->sent_at_ms;
  for (const starling::Edit& one : edits) {
    history_.append(version(said_ms, QString::fromStdString(one.body)));
    said_ms = one.at_ms;
  }
  if (message != nullptr) {
    history_.append(version(said_ms, QString::fromStdString(message->body)));
  }
  emit history_changed();
}

}  // namespace starling_app
