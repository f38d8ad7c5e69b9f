// The small questions that nobody waits for: names, previews, quotes, one conversation. See
// chat_client.h and lookups.h.
#include <QTimer>
#include <chrono>
#include <utility>

#include "qml-client/src/answer.h"
#include "qml-client/src/chat_client.h"

namespace starling_app {
namespace {

constexpr std::chrono::seconds kRetryAfter{2};  // What nobody would ask for again otherwise.

}  // namespace

// What nothing else asks for is asked for again after a pause.
void ChatClient::again(const starling::Error& error, std::function<void()> ask) {
  if (!error.retryable) return;
  QTimer::singleShot(kRetryAfter, this, [this, asked = generation_, ask = std::move(ask)] {
    if (generation_ == asked) ask();
  });
}

void ChatClient::want_preview(qint64 id) {
  lookups_.want(QStringLiteral("preview %1").arg(id), [this, id] { load_preview(id); });
}

void ChatClient::want_name(const QString& account_name) {
  if (account_name.contains(u'*') || account_name.contains(u'?')) return;
  lookups_.want(QStringLiteral("name %1").arg(account_name),
                [this, account_name] { load_name(account_name); });
}

void ChatClient::refresh_conversation(qint64 id) {
  lookups_.want(QStringLiteral("conversation %1").arg(id), [this, id] { load_conversation(id); });
}

void ChatClient::load_conversation(qint64 id) {
  if (!session_) return;
  (void)session_->conversation_async(
      id, answer<starling::Conversation>(
              QPointer<ChatClient>(this), generation_, [id](ChatClient& app, const auto& result) {
                app.lookups_.answered();
                if (result.ok()) return app.conversations_.upsert(result.value());
                if (result.error().code == starling::ErrorCode::kNotFound) {
                  app.gone(id, true);
                  app.reload_conversations();
                }
                app.again(result.error(), [&app, id] { app.refresh_conversation(id); });
              }));
}

// These end with lookups_.answered(), which a log-out makes needless.
void ChatClient::load_preview(qint64 id) {
  if (!session_) return;
  (void)session_->messages_async(
      id, 0, 1,
      answer<starling::Page<starling::Message>>(
          QPointer<ChatClient>(this), generation_, [id](ChatClient& app, const auto& result) {
            app.lookups_.answered();
            if (!result.ok())
              return app.again(result.error(), [&app, id] { app.want_preview(id); });
            if (result.value().items.empty()) return;  // The row says less, then.
            app.conversations_.apply_message(result.value().items.back(),
                                             app.session_->account().id, false);
          }));
}

void ChatClient::load_name(const QString& account_name) {
  if (!session_) return;
  (void)session_->accounts_async(
      account_name.toStdString(), 1, "",
      answer<starling::Page<starling::Account>>(
          QPointer<ChatClient>(this), generation_,
          [account_name](ChatClient& app, const auto& result) {
            app.lookups_.answered();
            if (!result.ok() || result.value().items.empty()) return;  // The name itself stays.
            const QString shown = QString::fromStdString(result.value().items[0].display_name);
            if (shown.isEmpty()) return;
            app.conversations_.set_display_name(account_name, shown);
            app.timeline_.set_display_name(account_name, shown);
          }));
}

void ChatClient::load_message(qint64 id, qint64 seq) {
  const auto ask = [this, id, seq] {
    if (!session_) return;
    const int era = timeline_.era();
    (void)session_->messages_around_async(
        id, seq, 1,
        answer<starling::MessageWindow>(
            QPointer<ChatClient>(this), generation_,
            [id, seq, era](ChatClient& app, const auto& result) {
              app.lookups_.answered();
              if (id != app.timeline_.conversation()) return;
              if (era != app.timeline_.era()) return app.load_message(id, seq);
              if (!result.ok()) {  // It may be one of before the account was in the group.
                return app.again(result.error(), [&app, id, seq] { app.load_message(id, seq); });
              }
              for (const starling::Message& message : result.value().items) {
                if (message.seq == seq) app.timeline_.apply_answer(id, seq, &message);
              }
            }));
  };
  lookups_.want(QStringLiteral("message %1 %2").arg(id).arg(seq), ask);
}

}  // namespace starling_app
