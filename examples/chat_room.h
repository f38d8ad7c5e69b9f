// The conversation on the screen: what was said in it, what is said now, and what one types.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include "examples/chat_marks.h"
#include "examples/terminal_platform.h"
#include "starling/client.h"

// Thread contract: every call is thread-safe, but `begin` comes first.
class Room {
 public:
  // `peer`: whom the prompt names until there is a conversation.
  Room(Terminal& terminal, const std::string& peer);

  // On the client's callback thread, in the order in which things happen.
  void tell(const starling::ClusterEvent& event);
  // Begins with the conversation with `peer`; on the screen counts as read from here on.
  starling::Status begin(starling::Session session, const std::string& peer);
  // Shows another conversation from here on, from its last messages.
  starling::Status enter(const starling::Conversation& conversation);
  // Shows that one no more, if it is still on the screen; the words say why.
  void go_out(std::int64_t conversation, const std::string& why);
  void send(const std::string& text, std::int64_t reply_to = 0);
  // One writes in this conversation: the others see that.
  void write();
  // Takes back what has run out. Called about every second.
  void tick();
  // By somebody else than this program: nothing that is asked for is answered any more.
  bool session_ended() const;
  // How somebody is: "online", "last seen ..."; empty when no server tells within a second.
  std::string state_of_account(std::int64_t account_id);
  // Until what was sent is answered, and shown, and nobody else is `busy`; or the patience has
  // ended, or one is asked to end at once.
  void finish(const std::function<bool()>& busy);
  // Ends the session: nobody sees one type any more, nor online by it. Says so when it has to stay.
  void log_out();

  starling::Session& session() { return session_; }
  Terminal& terminal() { return terminal_; }
  // 0: none.
  std::int64_t conversation() const { return conversation_; }

 private:
  void heard(const starling::Event& event);
  void heard_here(const starling::Event& event);
  void heard_of_group(const starling::Message& message);
  void show(const starling::Message& message);
  void answered(std::uint64_t number, const starling::Result<starling::Message>& sent);
  bool awaits_answers();
  void set_state(const std::string& state);
  void set_title(const std::string& title);
  void show_prompt();  // With `prompt_`.
  void types(const starling::Typing& typing);
  void types_no_more(std::int64_t account_id);
  void watch_all_here(std::int64_t also = 0);  // `showing_` is held.
  std::string name_of(std::int64_t account_id) const;

  Terminal& terminal_;
  starling::Session session_;
  Marks marks_;
  starling::Subscription events_;
  starling::PresenceWatch presence_;
  std::mutex showing_;                         // Holds back what is live while a history is shown.
  std::map<std::int64_t, std::string> names_;  // By account; of those who are here.
  std::mutex prompt_;
  std::string title_;
  std::string state_;
  std::int64_t typist_ = 0;  // Who types here,
  std::string typing_;       // as the prompt has it,
  std::chrono::steady_clock::time_point typing_until_;
  std::atomic<std::int64_t> conversation_{0};
  std::atomic<std::int64_t> shown_{0};
  std::atomic<std::int64_t> sent_{0};
  std::atomic<bool> ready_{false};  // Lines can be sent.
  std::mutex sends_;
  std::uint64_t last_send_ = 0;
  std::map<std::uint64_t, std::string> unanswered_;  // Texts of sends, in their order.
};
