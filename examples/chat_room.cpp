// The conversation on the screen.
#include "examples/chat_room.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "examples/chat_text.h"
#include "examples/terminal_text.h"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using starling::EventKind;
using starling::MessageKind;

constexpr int kScrollback = 20;
constexpr int kMostNames = 200;
constexpr auto kPatience = 10s;
constexpr auto kTypes = 6s;
constexpr auto kTold = 1s;

}  // namespace

Room::Room(Terminal& terminal, const std::string& peer) : terminal_(terminal), title_(peer) {
  set_state("connecting…");
}

void Room::set_state(const std::string& state) {
  const std::lock_guard lock(prompt_);
  state_ = state;
  show_prompt();
}

void Room::set_title(const std::string& title) {
  const std::lock_guard lock(prompt_);
  title_ = harmless(title);
  typist_ = 0;
  show_prompt();
}

void Room::show_prompt() {
  const std::string& what = !state_.empty() || typist_ == 0 ? state_ : typing_;
  terminal_.set_prompt(title_ + (what.empty() ? "" : " (" + what + ")") + "> ");
}

void Room::tell(const starling::ClusterEvent& event) {
  using Kind = starling::ClusterEvent::Kind;
  if (event.kind == Kind::kConnected) set_state(ready_ ? "" : "logging in…");
  if (event.kind == Kind::kFailoverStarted) set_state("switching…");
  if (event.kind == Kind::kDegraded) set_state("no majority: reading only");
  if (event.kind != Kind::kFailedOver) return;
  set_state(ready_ ? "" : "logging in…");
  terminal_.print("now on " + event.to + ", " + std::to_string(event.ms) + " ms");
}

starling::Status Room::begin(starling::Session session, const std::string& peer) {
  session_ = std::move(session);
  auto chat = session_.open_direct(peer);
  if (!chat) return chat.error();
  auto events =
      session_.subscribe(std::nullopt, [this](const starling::Event& event) { heard(event); });
  if (!events) return events.error();
  events_ = std::move(*events);
  auto presence =
      session_.watch_presence(nullptr, [this](const starling::Typing& typing) { types(typing); });
  if (!presence) return presence.error();
  presence_ = std::move(*presence);
  if (auto entered = enter(*chat); !entered) return entered;
  ready_ = true;
  set_state("");
  return starling::Unit{};
}

starling::Status Room::enter(const starling::Conversation& conversation) {
  const std::lock_guard hold(showing_);
  auto last = session_.messages(conversation.id, 0, kScrollback);
  if (!last) return last.error();
  conversation_ = conversation.id;
  shown_ = 0;
  sent_ = 0;
  names_.clear();
  // Without them reactions are somebody's.
  if (auto members = session_.members(conversation.id, kMostNames)) {
    for (const starling::Member& one : members->items) {
      names_[one.account.id] = one.account.name;
    }
  }
  set_title(conversation.title);
  for (const starling::Message& message : last->items) show(message);
  return starling::Unit{};
}

void Room::go_out(std::int64_t conversation, const std::string& why) {
  if (!conversation_.compare_exchange_strong(conversation, 0)) return;
  set_title("nowhere");
  terminal_.print(why + ": /chats shows where you can go, /open takes you there");
}

void Room::heard(const starling::Event& event) {
  const std::lock_guard lock(showing_);
  if (event.conversation_id == conversation_ && conversation_ != 0) heard_here(event);
  if (event.kind != EventKind::kConversationOpened || event.conversation_id == conversation_)
    return;
  const auto done = [this](starling::Result<starling::Conversation> opened) {
    // Who made it goes there anyway.
    if (!opened || opened->kind != starling::ConversationKind::kGroup ||
        opened->role == starling::MemberRole::kOwner) {
      return;
    }
    terminal_.print("you are in the group " + quoted(opened->title) + " now: /open " +
                    std::to_string(opened->id) + " shows it");
  };
  session_.conversation_async(event.conversation_id, done);
}

// Of the conversation on the screen; `showing_` is held.
void Room::heard_here(const starling::Event& event) {
  const starling::Message& message = event.message;
  const std::string number = std::to_string(event.seq != 0 ? event.seq : message.seq);
  switch (event.kind) {
    case EventKind::kMessage:
      show(message);
      heard_of_group(message);
      break;
    case EventKind::kMessageEdited:
      terminal_.print("edited: " + numbered_line_of(message));
      break;
    case EventKind::kMessageDeleted:
      terminal_.print("deleted: " + number);
      break;
    case EventKind::kReaction:
      terminal_.print(name_of(event.account_id) + (event.on ? " put " : " took back ") +
                      harmless(event.text) + (event.on ? " on " : " from ") + number);
      break;
    default:
      break;  // Marks, drafts and profiles have no place on this screen.
  }
}

// What a system message means for this screen; `showing_` is held.
void Room::heard_of_group(const starling::Message& message) {
  const starling::Account& self = session_.account();
  const std::int64_t here = message.conversation_id;
  if (message.kind == MessageKind::kGroupRenamed) set_title(message.body);
  if (message.kind == MessageKind::kGroupDissolved) go_out(here, "this group has ended");
  if (message.kind == MessageKind::kMemberRemoved && message.body == self.name) {
    go_out(here, "you are not in this group any more");
  }
  if (message.kind == MessageKind::kMemberLeft && message.sender_id == self.id) {
    go_out(here, "you have left this group");
  }
}

// Each once, from history or live; `showing_` is held.
void Room::show(const starling::Message& message) {
  if (message.conversation_id != conversation_ || message.seq <= shown_) return;
  if (!message.sender.empty()) names_[message.sender_id] = message.sender;
  types_no_more(message.sender_id);
  if (!message.deleted && !message.hidden) terminal_.print(line_of(message));
  shown_ = message.seq;
}

std::string Room::name_of(std::int64_t account_id) const {
  const auto found = names_.find(account_id);
  return found == names_.end() ? "somebody" : harmless(found->second);
}

void Room::send(const std::string& text, std::int64_t reply_to) {
  if (conversation_ == 0) {
    return terminal_.print("not sent: /open NAME or /open NUMBER leads to a conversation first");
  }
  ++unanswered_;
  starling::SendOptions options;
  options.reply_to = reply_to;
  // A pipe can wait.
  if (!terminal_.interactive()) return answered(session_.send(conversation_, text, options));
  session_.send_async(
      conversation_, text, [this](const auto& sent) { answered(sent); }, options);
}

void Room::write() {
  if (conversation_ != 0) presence_.typing(conversation_);
}

// On the client's callback thread.
void Room::types(const starling::Typing& typing) {
  const std::lock_guard hold(showing_);
  if (typing.conversation_id != conversation_) return;
  const std::string name = name_of(typing.account_id);
  const std::lock_guard lock(prompt_);
  typist_ = typing.account_id;
  typing_ = name == title_ ? "typing…" : name + " is typing…";
  typing_until_ = Clock::now() + kTypes;
  show_prompt();
}

void Room::types_no_more(std::int64_t account_id) {
  const std::lock_guard lock(prompt_);
  if (typist_ != account_id || account_id == 0) return;
  typist_ = 0;
  show_prompt();
}

void Room::tick() {
  const std::lock_guard lock(prompt_);
  if (typist_ == 0 || Clock::now() < typing_until_) return;
  typist_ = 0;
  show_prompt();
}

std::string Room::state_of_account(std::int64_t account_id) {
  std::vector<std::int64_t> watched = {account_id};
  {
    const std::lock_guard lock(showing_);
    for (const auto& [id, name] : names_) watched.push_back(id);
  }
  presence_.watch(std::move(watched));
  const auto until = Clock::now() + kTold;
  while (Clock::now() < until) {
    for (const starling::Presence& one : presence_.current()) {
      if (one.account_id == account_id) return state_of(one);
    }
    std::this_thread::sleep_for(20ms);
  }
  return "";
}

void Room::answered(const starling::Result<starling::Message>& sent) {
  if (!sent.ok()) {
    terminal_.print("not sent: " + sentence_of(sent.error()));
  } else if (sent.value().conversation_id == conversation_) {
    sent_ = std::max<std::int64_t>(sent_, sent.value().seq);
  }
  --unanswered_;
}

void Room::finish(const std::function<bool()>& busy) {
  std::string ignored;
  const auto until = Clock::now() + kPatience;
  const auto under_way = [this] {
    return unanswered_ > 0 || (conversation_ != 0 && shown_ < sent_);
  };
  while ((under_way() || busy()) && Clock::now() < until) {
    if (terminal_.interactive()) {
      if (terminal_.read(ignored, 20ms) == Terminal::Got::kEnd) return;
    } else if (terminal_.stopped(20ms)) {
      return;
    }
  }
}
