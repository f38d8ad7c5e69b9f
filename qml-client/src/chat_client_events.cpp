// What ChatClient makes of events, and what it tells the servers by itself. See chat_client.h.
#include <QGuiApplication>
#include <utility>

#include "qml-client/src/answer.h"
#include "qml-client/src/chat_client.h"
#include "qml-client/src/format.h"
#include "qml-client/src/person_row.h"
#include "qml-client/src/sentences.h"

namespace starling_app {
namespace {

// Whether the account is out of its group with that, or in it.
bool takes_out(const starling::Message& message, const starling::Account& account) {
  using starling::MessageKind;
  return message.kind == MessageKind::kGroupDissolved ||
         (message.kind == MessageKind::kMemberLeft && message.sender_id == account.id) ||
         (message.kind == MessageKind::kMemberRemoved && message.body == account.name);
}

bool takes_in(const starling::Message& message, const starling::Account& account) {
  if (message.kind != starling::MessageKind::kMembersAdded) return false;
  const QStringList names = QString::fromStdString(message.body).split(u' ');
  return names.contains(QString::fromStdString(account.name));
}

}  // namespace

// Messages that follow each other are told to the models together. Who was taken out and in again
// meanwhile keeps the conversation open: see joined_again().
void ChatClient::apply_all(std::vector<starling::Event> events) {
  std::vector<starling::Message> run;
  const auto end_run = [this, &run] {
    if (!run.empty()) apply_new(run);
    run.clear();
  };
  for (starling::Event& event : events) {
    if (event.kind == starling::EventKind::kMessage) {
      run.push_back(std::move(event.message));
      continue;
    }
    end_run();
    apply(event);
  }
  end_run();
  if (left_.empty()) return;
  for (const auto& [id, said] : std::exchange(left_, {})) gone(id, said);
  reload_conversations();  // A list that is on its way may be from before.
}

void ChatClient::apply(const starling::Event& event) {
  using starling::EventKind;
  const qint64 self = session_->account().id;
  // In a direct conversation there is one other side, whoever it is.
  const qint64 other = conversations_.group(event.conversation_id) ? event.account_id : 0;
  switch (event.kind) {
    case EventKind::kMessageDeleted:
      conversations_.apply_deleted(event.conversation_id, event.seq);
      timeline_.apply_deleted(event.conversation_id, event.seq);
      erased(event.conversation_id, event.seq);
      break;
    case EventKind::kConversationOpened:
      reload_conversations();
      break;
    case EventKind::kReadMark:
      conversations_.apply_read(event.conversation_id, event.seq);
      break;
    case EventKind::kPeerRead:
      conversations_.apply_peer_read(event.conversation_id, event.seq);
      timeline_.apply_peer_read(event.conversation_id, event.seq, other);
      break;
    case EventKind::kDelivered:
      if (event.account_id == self) break;  // Of another device.
      conversations_.apply_delivered(event.conversation_id, event.seq);
      timeline_.apply_delivered(event.conversation_id, event.seq, other);
      break;
    case EventKind::kMessageEdited:
      conversations_.apply_edited(event.message);
      timeline_.apply_edited(event.message);
      break;
    case EventKind::kReaction:
      timeline_.apply_reaction(event.conversation_id, event.seq, event.account_id, event.text,
                               event.on);
      break;
    case EventKind::kHidden:
      conversations_.apply_hidden(event.conversation_id, event.seq);
      timeline_.apply_hidden(event.conversation_id, event.seq);
      erased(event.conversation_id, event.seq);
      break;
    case EventKind::kDraft:
      refresh_conversation(event.conversation_id);
      break;
    case EventKind::kProfile:
      apply_profile(event.account_id);
      break;
    case EventKind::kAccountDeleted:
      reload_conversations();
      break;
    case EventKind::kBlock:
      account_.reload_blocked();
      person_.changed_elsewhere(event.account_id);
      break;
    case EventKind::kMessage:  // Of apply_new().
    case EventKind::kOther:
      break;  // Nothing on the screen depends on it.
  }
}

void ChatClient::apply_new(const std::vector<starling::Message>& messages) {
  const qint64 self = session_->account().id;
  conversations_.apply_messages(messages, self, true);
  timeline_.apply_messages(messages);
  for (const starling::Message& message : messages) {
    const qint64 id = message.conversation_id;
    const starling::Conversation* known = conversations_.get(id);
    const bool earlier = known != nullptr && message.seq < known->first_seq;  // A stay before.
    if (!earlier && takes_out(message, session_->account())) {
      left_[id] = message.sender_id != self;
      continue;
    }
    if (takes_in(message, session_->account())) left_.erase(id);
    if (!conversations_.contains(id)) reload_conversations();
    presence_.book()->apply_message(id, message.sender_id);
    if (id == timeline_.conversation()) want_read();
    if (message.sender_id != self) delivered_.add(id, message.seq);
    if (message.kind == starling::MessageKind::kText) {
      const bool told = !message.deleted && !message.hidden;
      if (message.sender_id != self && told) emit messageArrived(message);
      continue;
    }
    // The title, the account's role or the members may be others now, or the account be out.
    if (conversations_.contains(id)) refresh_conversation(id);
    groups_.changed_in(id);
  }
}

// Nobody is to read it any more, nor does it count as unread.
void ChatClient::erased(qint64 id, qint64 seq) {
  emit messageErased(id, seq);
  if (conversations_.contains(id) && seq > conversations_.read_seq(id)) refresh_conversation(id);
}

void ChatClient::apply_profile(qint64 account_id) {
  if (account_id == session_->account().id) return account_.reload();
  person_.changed_elsewhere(account_id);
  for (const starling::Conversation& one : conversations_.with_peer(account_id)) {
    want_name(QString::fromStdString(one.title));
  }
}

void ChatClient::show_current() {
  const qint64 id = timeline_.conversation();
  const starling::Conversation* conversation = conversations_.get(id);
  groups_.set_conversation(conversation);
  if (conversation == nullptr) return;
  compose_.apply_draft(id, conversation->draft);
  if (groups_.open()) {
    timeline_.set_may_delete_all(groups_.may_manage());
    return;
  }
  timeline_.apply_peer_read(id, conversation->peer_read_seq);
  timeline_.apply_delivered(id, conversation->peer_delivered_seq);
  starling::Account peer;
  peer.name = conversation->title;
  peer.display_name = conversations_.title(id).toStdString();
  compose_.set_people({peer});
}

void ChatClient::show_members() {
  if (!groups_.open() || !session_) return;
  const qint64 id = timeline_.conversation();
  std::vector<starling::Member> others;
  std::vector<starling::Account> people;
  for (const starling::Member& member : groups_.members()->members()) {
    if (member.account.id == session_->account().id) continue;
    others.push_back(member);
    people.push_back(member.account);
    timeline_.set_display_name(QString::fromStdString(member.account.name),
                               shown_as(member.account));
  }
  compose_.set_people(std::move(people));
  const bool told = groups_.members()->complete() && conversations_.shows_marks(id).value_or(false);
  if (!told) others.clear();
  timeline_.set_members(id, others);
}

void ChatClient::gone(qint64 id, bool said) {
  const QString title = conversations_.title(id);
  const bool open = id == timeline_.conversation();
  if (open) closeConversation();
  search_.drop_conversation(id);
  conversations_.remove(id);
  if (!open || !said) return;
  fail(title.isEmpty() ? tr("You are not in that conversation.")
                       : tr("You are no longer in “%1”.").arg(isolated(title)));
}

// In the list at once: the servers tell of it only later.
void ChatClient::save_draft(qint64 id, const QString& body, qint64 reply_to) {
  if (!session_) return;
  conversations_.apply_draft(id, body, reply_to);
  (void)session_->set_draft_async(id, body.toStdString(), reply_to,
                                  answer<starling::Unit>(QPointer<ChatClient>(this), generation_,
                                                         [id](ChatClient& app, const auto&) {
                                                           app.compose_.draft_answered(id);
                                                         }));
}

void ChatClient::mark_delivered(const std::vector<starling::DeliveredMark>& marks) {
  if (!session_) return;
  (void)session_->mark_delivered_async(
      marks, answer<starling::Unit>(QPointer<ChatClient>(this), generation_,
                                    [marks](ChatClient& app, const auto& result) {
                                      if (result.ok() || !result.error().retryable) return;
                                      for (const starling::DeliveredMark& mark : marks) {
                                        app.delivered_.add(mark.conversation_id, mark.seq);
                                      }
                                    }));
}

void ChatClient::apply_queued(const starling::OutboxEntry& entry) {
  waiting_.add(entry);
  timeline_.apply_outbox(entry, true);
  show_waiting(entry.conversation_id);
  emit waiting_changed();
}

void ChatClient::fail_cancel(const starling::OutboxEntry& entry) {
  constexpr int kWords = 40;  // By which one knows it again.
  const QString body = one_line(QString::fromStdString(entry.body), kWords);
  fail_send(tr("“%1”, which you took back, had been sent already to %2. You can still delete it.")
                .arg(isolated(body), isolated(conversations_.title(entry.conversation_id))));
}

void ChatClient::fail_cancel() {
  fail_send(tr("The message that you took back had been sent already. You can still delete it."));
}

void ChatClient::apply_change(const starling::OutboxEntry& entry) {
  if (entry.id == 0) {  // Of no entry: the file itself is in trouble.
    return fail_send(
        tr("The file of waiting messages: %1").arg(QString::fromStdString(entry.error)));
  }
  if (waiting_.apply(entry)) fail_cancel(entry);
  if (waiting_.get(entry.id) == nullptr) resending_.erase(entry.id);
  timeline_.apply_outbox(entry, false);
  if (entry.state == starling::OutboxState::kReplicated && session_ &&
      entry.seq > conversations_.last_seq(entry.conversation_id)) {
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

// In a flood, too: what comes meanwhile does not put it off.
void ChatClient::want_read() {
  if (!read_timer_.isActive()) read_timer_.start();
}

// What is on the screen of a window in use is read; who has scrolled away has not seen the newest.
void ChatClient::mark_read() {
  const qint64 id = timeline_.conversation();
  const qint64 seq = timeline_.newest_seq();
  if (!session_ || id == 0 || !timeline_.at_newest() || seq <= conversations_.read_seq(id)) return;
  if (QGuiApplication::applicationState() != Qt::ApplicationActive) {
    read_timer_.start();
    return;
  }
  (void)session_->mark_read_async(
      id, seq,
      answer<starling::Unit>(QPointer<ChatClient>(this), generation_,
                             [id, seq](ChatClient& app, const auto& result) {
                               if (result.ok()) return app.conversations_.apply_read(id, seq);
                               if (result.error().retryable) app.want_read();
                             }));
}

}  // namespace starling_app
