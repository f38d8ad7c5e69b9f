// What ChatClient asks the servers for, and what it makes of events. See chat_client.h.
#include <QGuiApplication>
#include <chrono>
#include <utility>

#include "qml-client/src/chat_client.h"
#include "qml-client/src/format.h"

namespace starling_app {
namespace {

constexpr std::chrono::milliseconds kProbeTimeout{1'200};

// An answer for the GUI thread, dropped when the account has logged out since.
template <typename T, typename Then>
starling::Done<T> answer(const QPointer<ChatClient>& self, const int& generation, Then then) {
  return [self, &generation, asked = generation, then](const starling::Result<T>& result) {
    to_gui(self, [&generation, asked, then, result](ChatClient& app) {
      if (generation == asked) then(app, result);
    });
  };
}

}  // namespace

void ChatClient::connect_models() {
  connect(&conversations_, &ConversationsModel::preview_wanted, this, &ChatClient::want_preview);
  connect(&conversations_, &ConversationsModel::name_wanted, this, &ChatClient::want_name);
  connect(&conversations_, &ConversationsModel::currentChanged, this, &ChatClient::currentChanged);
  connect(&timeline_, &TimelineModel::older_wanted, this, &ChatClient::load_older);
  connect(&timeline_, &TimelineModel::newer_wanted, this, &ChatClient::load_newer);
  connect(&people_, &PeopleModel::page_wanted, this, &ChatClient::load_people);
  if (auto* app = qobject_cast<QGuiApplication*>(QCoreApplication::instance())) {
    const auto watched = [this](Qt::ApplicationState state) {
      conversations_.set_watched(state == Qt::ApplicationActive);
    };
    connect(app, &QGuiApplication::applicationStateChanged, this, watched);
    watched(QGuiApplication::applicationState());
  }
}

void ChatClient::start_pump() {
  const QPointer<ChatClient> self(this);
  const int asked = generation_;
  EventPump::Listener listener;
  listener.live = [self, asked] {
    to_gui(self, [asked](ChatClient& app) {
      if (app.generation_ != asked) return;
      app.conversations_.doubt_previews();
      app.reload_conversations();
      app.timeline_.reload();
    });
  };
  listener.events = [self, asked](std::vector<starling::Event> events) {
    to_gui(self, [asked, events = std::move(events)](ChatClient& app) {
      if (app.generation_ != asked) return;
      for (const starling::Event& event : events) app.apply(event);
      app.pump_->taken();
    });
  };
  listener.ended = [self, asked](const starling::Error& error) {
    to_gui(self, [asked, error](ChatClient& app) {
      if (app.generation_ != asked || error.code == starling::ErrorCode::kCancelled) return;
      app.end_session();
      app.error_ = tr("Your session has ended. Log in again.");
      app.set_state(Login);
    });
  };
  pump_ = std::make_shared<EventPump>(*session_, std::move(listener));
}

void ChatClient::reload_conversations() {
  if (session_ && list_.want()) load_conversations(0);
}

void ChatClient::conversations_loaded() {
  if (list_.answered()) load_conversations(0);
}

void ChatClient::load_conversations(qint64 after_id) {
  if (!session_) return;
  (void)session_->conversations_async(
      200, after_id,
      answer<starling::Page<starling::Conversation>>(
          QPointer<ChatClient>(this), generation_, [after_id](ChatClient& app, const auto& result) {
            if (!result.ok()) {
              app.fail(error_sentence(result.error()));
              return app.conversations_loaded();
            }
            app.conversations_.apply_page(result.value(), after_id == 0);
            const qint64 open = app.timeline_.conversation();
            app.timeline_.apply_peer_read(open, app.conversations_.peer_read_seq(open));
            const auto& page = result.value();
            if (page.more && !page.items.empty()) {
              return app.load_conversations(page.items.back().id);
            }
            app.conversations_loaded();
          }));
}

void ChatClient::want_preview(qint64 id) {
  lookups_.want(QStringLiteral("preview %1").arg(id), [this, id] { load_preview(id); });
}

void ChatClient::want_name(const QString& account_name) {
  if (account_name.contains(u'*') || account_name.contains(u'?')) return;
  lookups_.want(QStringLiteral("name %1").arg(account_name),
                [this, account_name] { load_name(account_name); });
}

// Both end with lookups_.answered(), which a log-out makes needless.
void ChatClient::load_preview(qint64 id) {
  if (!session_) return;
  (void)session_->messages_async(
      id, 0, 1,
      answer<starling::Page<starling::Message>>(
          QPointer<ChatClient>(this), generation_, [](ChatClient& app, const auto& result) {
            app.lookups_.answered();
            if (!result.ok() || result.value().items.empty()) return;  // The row says less, then.
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
            if (account_name != app.current_name()) return;
            app.timeline_.set_display_name(account_name, shown);
          }));
}

void ChatClient::load_older(qint64 id, qint64 before) {
  if (!session_) return;
  (void)session_->messages_async(id, before, TimelineModel::kPage,
                                 answer<starling::Page<starling::Message>>(
                                     QPointer<ChatClient>(this), generation_,
                                     [id, before](ChatClient& app, const auto& result) {
                                       if (!result.ok()) {
                                         return app.timeline_.apply_page_error(
                                             id, error_sentence(result.error()));
                                       }
                                       app.timeline_.apply_page(id, before, result.value());
                                       app.read_timer_.start();
                                     }));
}

void ChatClient::load_newer(qint64 id, qint64 after) {
  if (!session_) return;
  (void)session_->messages_after_async(
      id, after, 200,
      answer<starling::Page<starling::Message>>(QPointer<ChatClient>(this), generation_,
                                                [id](ChatClient& app, const auto& result) {
                                                  if (!result.ok())
                                                    return app.timeline_.retry_gap(id);
                                                  app.timeline_.apply_newer(id, result.value());
                                                  app.read_timer_.start();
                                                }));
}

void ChatClient::load_people(int question, const QString& pattern, const QString& after_name) {
  if (!session_) return;
  (void)session_->accounts_async(
      pattern.toStdString(), PeopleModel::kPage, after_name.toStdString(),
      answer<starling::Page<starling::Account>>(
          QPointer<ChatClient>(this), generation_, [question](ChatClient& app, const auto& result) {
            if (!result.ok()) {
              return app.people_.apply_error(question, error_sentence(result.error()));
            }
            app.people_.apply_page(question, result.value());
          }));
}

void ChatClient::openConversation(qint64 id) {
  if (state_ != Ready || id == timeline_.conversation()) return;
  fail_send({});
  timeline_.open(id, session_->account().id, waiting_.all());
  timeline_.set_display_name(conversations_.peer_name(id), conversations_.title(id));
  timeline_.apply_peer_read(id, conversations_.peer_read_seq(id));
  conversations_.set_current(id);
}

void ChatClient::closeConversation() {
  timeline_.close();
  conversations_.set_current(0);
}

void ChatClient::openDirect(const QString& name) {
  if (state_ != Ready || busy_) return;
  busy_ = true;
  error_.clear();
  emit state_changed();
  (void)session_->open_direct_async(
      name.trimmed().toLower().toStdString(),
      answer<starling::Conversation>(QPointer<ChatClient>(this), generation_,
                                     [](ChatClient& app, const auto& result) {
                                       if (!result.ok())
                                         return app.fail(error_sentence(result.error()));
                                       app.busy_ = false;
                                       app.conversations_.upsert(result.value());
                                       app.openConversation(result.value().id);
                                       emit app.state_changed();
                                     }));
}

void ChatClient::apply(const starling::Event& event) {
  using starling::EventKind;
  const qint64 self = session_->account().id;
  switch (event.kind) {
    case EventKind::kMessage:
      if (!conversations_.contains(event.message.conversation_id)) reload_conversations();
      conversations_.apply_message(event.message, self, true);
      timeline_.apply_message(event.message);
      if (event.message.conversation_id == timeline_.conversation()) read_timer_.start();
      break;
    case EventKind::kMessageDeleted:
      conversations_.apply_deleted(event.conversation_id, event.seq);
      timeline_.apply_deleted(event.conversation_id, event.seq);
      break;
    case EventKind::kConversationOpened:
      reload_conversations();
      break;
    case EventKind::kReadMark:
      conversations_.apply_read(event.conversation_id, event.seq);
      break;
    case EventKind::kPeerRead:
      conversations_.apply_peer_read(event.conversation_id, event.seq);
      timeline_.apply_peer_read(event.conversation_id, event.seq);
      break;
    case EventKind::kAccountDeleted:
      reload_conversations();
      break;
    case EventKind::kMessageEdited:
    case EventKind::kReaction:
    case EventKind::kDelivered:
    case EventKind::kDraft:
    case EventKind::kHidden:
    case EventKind::kProfile:
    case EventKind::kBlock:
    case EventKind::kOther:
      break;  // Nothing on the screen depends on them.
  }
}

void ChatClient::apply_change(const starling::OutboxEntry& entry) {
  if (entry.id == 0) {  // Of no entry: the file itself is in trouble.
    return fail_send(
        tr("The file of waiting messages: %1").arg(QString::fromStdString(entry.error)));
  }
  waiting_.apply(entry);
  timeline_.apply_outbox(entry, false);
  if (entry.state == starling::OutboxState::kReplicated && entry.seq > 0 && session_) {
    // Its event may come later; until then the row would go back to what was before.
    starling::Message stored;
    stored.conversation_id = entry.conversation_id;
    stored.seq = entry.seq;
    stored.sender_id = session_->account().id;
    stored.body = entry.body;
    stored.sent_at_ms = entry.queued_at_ms;
    conversations_.apply_message(stored, stored.sender_id, false);
  }
  show_waiting(entry.conversation_id);
  emit waiting_changed();
}

void ChatClient::show_waiting(qint64 id) {
  const starling::OutboxEntry* entry = waiting_.newest_of(id);
  if (entry == nullptr) return conversations_.clear_waiting(id);
  conversations_.set_waiting(id, QString::fromStdString(entry->body), entry->queued_at_ms);
}

// What is on the screen of a window in use is read.
void ChatClient::mark_read() {
  const qint64 id = timeline_.conversation();
  const qint64 seq = timeline_.newest_seq();
  if (!session_ || id == 0 || seq <= conversations_.read_seq(id)) return;
  if (QGuiApplication::applicationState() != Qt::ApplicationActive) {
    read_timer_.start();
    return;
  }
  (void)session_->mark_read_async(
      id, seq,
      answer<starling::Unit>(QPointer<ChatClient>(this), generation_,
                             [id, seq](ChatClient& app, const auto& result) {
                               if (result.ok()) app.conversations_.apply_read(id, seq);
                             }));
}

// Nobody who is not logged in may read; that a server says so tells that there is one.
void ChatClient::probe() {
  starling::Session session = session_ ? *session_ : client_->resume("nobody", {});
  starling::ReadOptions options;
  options.timeout = kProbeTimeout;
  (void)session.conversations_async(
      1, 0,
      answer<starling::Page<starling::Conversation>>(
          QPointer<ChatClient>(this), generation_,
          [](ChatClient& app, const auto& result) {
            app.cluster_.set_reachable(result.ok() || result.error().code ==
                                                          starling::ErrorCode::kUnauthenticated);
          }),
      options);
}

}  // namespace starling_app
