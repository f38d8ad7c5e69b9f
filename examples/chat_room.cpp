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
constexpr auto kMarksPatience = 1s;
constexpr std::chrono::milliseconds kLogOutPatience = 2s;

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
  terminal_.print("now on " + event.to + ", " + lasting(event.ms));
}

starling::Status Room::begin(starling::Session session, const std::string& peer) {
  session_ = std::move(session);
  marks_.begin(session_);
  auto chat = session_.open_direct(peer);
  if (!chat) return chat.error();
  auto events =
      session_.subscribe(std::nullopt, [this](const starling::Event& event) { heard(event); });
  if (!events) return events.error();
  events_ = std::move(*events);
  const auto changed = [this](const starling::Presence& who) {
    if (who.state == starling::PresenceState::kOffline) types_no_more(who.account_id);
  };
  auto presence =
      session_.watch_presence(changed, [this](const starling::Typing& typing) { types(typing); });
  if (!presence) return presence.error();
  presence_ = std::move(*presence);
  terminal_.begin();  // From here on there is a prompt that takes keys.
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
  watch_all_here();
  set_title(conversation.title);
  for (const starling::Message& message : last->items) show(message);
  if (shown_ > 0) marks_.read(conversation_, shown_);
  return starling::Unit{};
}

void Room::go_out(std::int64_t conversation, const std::string& why) {
  if (!conversation_.compare_exchange_strong(conversation, 0)) return;
  set_title("nowhere");
  terminal_.print(why + ": /chats shows where you can go, /open takes you there");
}

void Room::heard(const starling::Event& event) {
  const std::lock_guard lock(showing_);
  if (event.conversation_id == conversation_ && conversation_ != 0) {
    heard_here(event);
  } else if (event.kind == EventKind::kMessage) {
    marks_.delivered(event.conversation_id, event.message.seq);
  }
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
  const std::string number = std::to_string(event.seq);
  switch (event.kind) {
    case EventKind::kMessage:
      show(message);
      marks_.read(message.conversation_id, message.seq);
      heard_of_group(message);
      break;
    case EventKind::kMessageEdited:
      terminal_.print(numbered_line_of(message));  // Which ends in "(edited)".
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
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(sends_);
    number = ++last_send_;
    unanswered_[number] = text;
  }
  starling::SendOptions options;
  options.reply_to = reply_to;
  // A pipe can wait.
  if (!terminal_.interactive())
    return answered(number, session_.send(conversation_, text, options));
  session_.send_async(
      conversation_, text, [this, number](const auto& sent) { answered(number, sent); }, options);
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
  marks_.go_on();
  const std::lock_guard lock(prompt_);
  if (typist_ == 0 || Clock::now() < typing_until_) return;
  typist_ = 0;
  show_prompt();
}

bool Room::session_ended() const {
  const starling::Status status = presence_.status();
  return !status.ok() && status.error().code == starling::ErrorCode::kUnauthenticated;
}

std::string Room::state_of_account(std::int64_t account_id) {
  {
    const std::lock_guard lock(showing_);
    watch_all_here(account_id);
  }
  const auto until = Clock::now() + kTold;
  while (Clock::now() < until) {
    for (const starling::Presence& one : presence_.current()) {
      if (one.account_id == account_id) return state_of(one);
    }
    std::this_thread::sleep_for(20ms);
  }
  return "";
}

void Room::watch_all_here(std::int64_t also) {
  std::vector<std::int64_t> watched;
  if (also != 0) watched.push_back(also);
  for (const auto& [id, name] : names_) watched.push_back(id);
  presence_.watch(std::move(watched));
}

void Room::answered(std::uint64_t number, const starling::Result<starling::Message>& sent) {
  std::string text;
  {
    const std::lock_guard lock(sends_);
    const auto found = unanswered_.find(number);
    if (found == unanswered_.end()) return;  // Nobody waits for it any more, which has been said.
    text = "(" + beginning_of(found->second) + ")";
  }
  if (!sent.ok()) {
    const starling::Error& error = sent.error();
    // Of a number that is none; whoever may not write here is helped by none.
    const bool number_is_wrong = error.code == starling::ErrorCode::kInvalidArgument;
    const std::string why =
        sentence_of(error, about_messages(number_is_wrong ? "/history shows the numbers" : ""));
    const bool plain = error.may_have_happened || error.code == starling::ErrorCode::kUnavailable;
    terminal_.print((plain ? "" : "not sent: ") + why + " " + text);
  } else if (sent.value().conversation_id == conversation_) {
    sent_ = std::max<std::int64_t>(sent_, sent.value().seq);
  }
  const std::lock_guard lock(sends_);
  unanswered_.erase(number);
}

bool Room::awaits_answers() {
  const std::lock_guard lock(sends_);
  return !unanswered_.empty();
}

void Room::finish(const std::function<bool()>& busy) {
  std::string ignored;
  const auto until = Clock::now() + kPatience;
  const auto under_way = [this] {
    return awaits_answers() || (conversation_ != 0 && shown_ < sent_);
  };
  bool stopped = false;
  if (under_way() || busy()) set_state("waiting for an answer; Ctrl-C leaves at once");
  while ((under_way() || busy()) && !stopped && Clock::now() < until) {
    stopped = terminal_.interactive() ? terminal_.read(ignored, 20ms) == Terminal::Got::kEnd
                                      : terminal_.stopped(20ms);
  }
  std::map<std::uint64_t, std::string> left;
  {
    const std::lock_guard lock(sends_);
    left.swap(unanswered_);
  }
  for (const auto& [number, text] : left) {
    terminal_.print("no answer yet, so this may have been sent or not: " + beginning_of(text));
  }
}

void Room::log_out() {
  set_state("logging out…");
  const auto until = Clock::now() + kMarksPatience;
  while (!marks_.told() && Clock::now() < until) std::this_thread::sleep_for(5ms);
  presence_.close();
  starling::CallOptions options;
  options.timeout = kLogOutPatience;
  const auto ended = session_.log_out(options);
  if (ended || ended.error().code == starling::ErrorCode::kUnauthenticated) return;
  terminal_.print(
      "you stay logged in here, since the servers could not be told: at the next time "
      "/sessions shows this session, and /sessions end ID ends it");
}
