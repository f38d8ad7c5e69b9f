// What ChatClient asks the servers for. See chat_client.h.
#include <QGuiApplication>
#include <chrono>
#include <utility>

#include "qml-client/src/answer.h"
#include "qml-client/src/chat_client.h"
#include "qml-client/src/format.h"

namespace starling_app {
namespace {

constexpr std::chrono::milliseconds kProbeTimeout{1'200};

}  // namespace

void ChatClient::connect_models() {
  connect(&conversations_, &ConversationsModel::preview_wanted, this, &ChatClient::want_preview);
  connect(&conversations_, &ConversationsModel::name_wanted, this, &ChatClient::want_name);
  connect(&conversations_, &ConversationsModel::currentChanged, this, &ChatClient::currentChanged);
  connect(&conversations_, &ConversationsModel::joined_again, this, &ChatClient::joined_again);
  connect(&conversations_, &ConversationsModel::count_wanted, this,
          &ChatClient::refresh_conversation);
  connect(&timeline_, &TimelineModel::older_wanted, this, &ChatClient::load_older);
  connect(&timeline_, &TimelineModel::newer_wanted, this, &ChatClient::load_newer);
  connect(&timeline_, &TimelineModel::around_wanted, this, &ChatClient::load_around);
  connect(&timeline_, &TimelineModel::message_wanted, this, &ChatClient::load_message);
  connect(&timeline_, &TimelineModel::name_wanted, this, &ChatClient::want_name);
  connect(&timeline_, &TimelineModel::at_newest_changed, this, [this] {
    if (timeline_.at_newest() && timeline_.conversation() != 0) want_read();
  });
  connect(&people_, &PeopleModel::page_wanted, this, &ChatClient::load_people);
  connect(&palette_, &PaletteModel::actionChosen, this, &ChatClient::actionWanted);
  connect(&palette_, &PaletteModel::people_wanted, this, &ChatClient::load_palette);
  connect(&palette_, &PaletteModel::conversationChosen, this, &ChatClient::openConversation);
  connect(&palette_, &PaletteModel::personChosen, this, &ChatClient::openDirect);
  connect(&search_, &SearchModel::page_wanted, this, &ChatClient::load_found);
  connect(&timeline_, &TimelineModel::amended, &search_, &SearchModel::amend);
  connect(&search_, &SearchModel::nothing_wanted, this, [this] { search_call_.cancel(); });
  connect(&conversations_, &ConversationsModel::currentChanged, this, &ChatClient::show_current);
  connect(groups_.members(), &MembersModel::status_changed, this, &ChatClient::show_members);
  connect(&groups_, &GroupDesk::left, this, [this](qint64 id) { gone(id, false); });
  connect(&groups_, &GroupDesk::created, this, [this](const starling::Conversation& group) {
    conversations_.upsert(group);
    openConversation(group.id);
  });
  connect(&compose_, &ComposeModel::draft_wanted, this, &ChatClient::save_draft);
  connect(&actions_, &MessageActions::editRefused, this, &ChatClient::sendRefused);
  connect(&account_, &AccountDesk::changed, this, &ChatClient::state_changed);
  connect(&account_, &AccountDesk::deleted, this, &ChatClient::account_deleted);
  connect(&account_, &AccountDesk::unblocked, &person_, &PersonDesk::reload);
  connect(&person_, &PersonDesk::block_changed, &account_, &AccountDesk::reload_blocked);
  connect(&delivered_, &DeliveredMarks::marks_wanted, this, &ChatClient::mark_delivered);
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
      app.conversations_.renew();
      app.reload_conversations();
      app.timeline_.renew();
      app.groups_.changed_in(app.timeline_.conversation());  // The marks of its members.
    });
  };
  listener.events = [self, asked](std::vector<starling::Event> events) {
    to_gui(self, [asked, events = std::move(events)](ChatClient& app) mutable {
      if (app.generation_ != asked) return;
      app.rest_.begin();
      app.apply_all(std::move(events));
      app.rest_.applied();
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
  if (after_id == 0) conversations_.begin_list();
  (void)session_->conversations_async(
      200, after_id,
      answer<starling::Page<starling::Conversation>>(
          QPointer<ChatClient>(this), generation_, [](ChatClient& app, const auto& result) {
            if (!result.ok()) {
              app.list_failed(result.error());
              return app.conversations_loaded();
            }
            const auto& page = result.value();
            app.apply_list(page);
            if (page.more && !page.items.empty()) {
              return app.load_conversations(page.items.back().id);
            }
            app.conversations_loaded();
          }));
}

// Nothing else asks for it: the stream, which stands, says but once that it does.
void ChatClient::list_failed(const starling::Error& error) {
  if (list_error_.isEmpty()) {  // Once for each outage.
    list_error_ = error_ = group_error(error);
    emit state_changed();
  }
  again(error, [this] { reload_conversations(); });
}

void ChatClient::apply_list(const starling::Page<starling::Conversation>& page) {
  for (const qint64 id : conversations_.apply_page(page)) gone(id, true);
  const qint64 open = timeline_.conversation();
  // One that never was in the list may be newer than this answer.
  if (!page.more && open != 0 && !conversations_.contains(open)) refresh_conversation(open);
  if (page.more || list_error_.isEmpty()) return;
  // What was said of the list is not true any more.
  if (std::exchange(list_error_, {}) != error_) return;
  error_.clear();
  emit state_changed();
}

void ChatClient::load_older(qint64 id, qint64 before) {
  if (!session_) return;
  const int era = timeline_.era();
  (void)session_->messages_async(id, before, TimelineModel::kPage,
                                 answer<starling::Page<starling::Message>>(
                                     QPointer<ChatClient>(this), generation_,
                                     [id, before, era](ChatClient& app, const auto& result) {
                                       if (!result.ok()) {
                                         if (app.messages_refused(id, era, result.error())) return;
                                         return app.timeline_.apply_page_error(
                                             id, era, before, group_error(result.error()));
                                       }
                                       app.timeline_.apply_page(id, era, before, result.value());
                                       app.want_read();
                                     }));
}

// There are none to be seen for who is not in the conversation.
bool ChatClient::messages_refused(qint64 id, int era, const starling::Error& error) {
  if (error.code != starling::ErrorCode::kNotFound || id != timeline_.conversation() ||
      era != timeline_.era()) {
    return false;
  }
  gone(id, true);
  reload_conversations();  // One may be in it again.
  return true;
}

void ChatClient::load_newer(qint64 id, qint64 after) {
  if (!session_) return;
  const int era = timeline_.era();
  (void)session_->messages_after_async(
      id, after, 200,
      answer<starling::Page<starling::Message>>(
          QPointer<ChatClient>(this), generation_,
          [id, after, era](ChatClient& app, const auto& result) {
            if (result.ok()) {
              app.timeline_.apply_newer(id, era, after, result.value());
              app.want_read();
            } else if (!app.messages_refused(id, era, result.error())) {
              app.timeline_.retry_gap(id, era);
            }
          }));
}

void ChatClient::load_around(qint64 id, qint64 seq, int question) {
  if (!session_) return;
  const int era = timeline_.era();
  (void)session_->messages_around_async(
      id, seq, TimelineModel::kPage,
      answer<starling::MessageWindow>(QPointer<ChatClient>(this), generation_,
                                      [id, era, question](ChatClient& app, const auto& result) {
                                        if (result.ok())
                                          return app.timeline_.apply_around(id, question,
                                                                            result.value());
                                        if (app.messages_refused(id, era, result.error())) return;
                                        app.fail_send(group_error(result.error()));
                                        app.timeline_.apply_around_error(id, question);
                                      }));
}

void ChatClient::load_people(int question, const QString& pattern, const QString& after_name) {
  if (!session_) return;
  (void)session_->accounts_async(
      pattern.toStdString(), PeopleModel::kPage, after_name.toStdString(),
      answer<starling::Page<starling::Account>>(
          QPointer<ChatClient>(this), generation_, [question](ChatClient& app, const auto& result) {
            if (!result.ok()) {
              return app.people_.apply_error(question, group_error(result.error()));
            }
            app.people_.apply_page(question, result.value());
          }));
}

// An error leaves the palette with what is known here.
void ChatClient::load_palette(int question, const QString& pattern) {
  if (!session_) return;
  (void)session_->accounts_async(
      pattern.toStdString(), PaletteModel::kMost, "",
      answer<starling::Page<starling::Account>>(
          QPointer<ChatClient>(this), generation_, [question](ChatClient& app, const auto& result) {
            if (result.ok()) app.palette_.apply_people(question, result.value().items);
          }));
}

void ChatClient::openConversation(qint64 id) {
  if (id != timeline_.conversation()) open_at(id, 0);
}

void ChatClient::openMessage(qint64 id, qint64 seq) {
  if (id != timeline_.conversation()) return open_at(id, seq);
  timeline_.jumpTo(seq);
}

void ChatClient::open_at(qint64 id, qint64 seq) {
  if (state_ != Ready) return;
  fail_send({});
  actions_.clearError();
  const starling::Conversation* conversation = conversations_.get(id);
  compose_.open(id, conversation == nullptr ? starling::Draft{} : conversation->draft);
  show_timeline(id, seq);
  conversations_.set_current(id);
  show_current();
  emit opened();
}

void ChatClient::show_timeline(qint64 id, qint64 seq) {
  const starling::Conversation* conversation = conversations_.get(id);
  const bool unread = conversation != nullptr && conversation->unread_count > 0;
  timeline_.open(id, session_->account().id, waiting_.all(), unread ? conversation->read_seq : -1,
                 seq);
  if (conversations_.group(id)) {
    timeline_.set_members(id, {});  // Until they are known.
  } else {
    timeline_.set_display_name(conversations_.peer_name(id), conversations_.title(id));
  }
}

// Nobody tells of what becomes of the messages from before: none of them stays on the screen.
void ChatClient::joined_again(qint64 id) {
  if (id != timeline_.conversation()) return;
  show_timeline(id, 0);
  show_current();
  show_members();
}

void ChatClient::step(int by) {
  const qint64 next = conversations_.neighbour(timeline_.conversation(), by);
  if (next != 0) openConversation(next);
}

void ChatClient::closeConversation() {
  compose_.open(0, {});
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
