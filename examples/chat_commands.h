// The commands of the chat: lines that begin with a slash.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "examples/chat_room.h"
#include "examples/chat_text.h"

class Commands {
 public:
  explicit Commands(Room& room);
  ~Commands();
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  // A line is a command unless it is text; "//text" is the text "/text".
  static bool is_command(const std::string& line);
  // Whether that line ends the chat.
  static bool is_quit(const std::string& line);
  // Runs one: in a terminal on a thread of its own, one after another, so that typing goes on; with
  // a pipe at once.
  void run(const std::string& line);
  // Whether one that was typed runs yet, or waits. What is still asked for ends with the client.
  bool busy();
  // One of them has ended the account: nothing is left to talk with.
  bool account_gone() const { return account_gone_; }

 private:
  struct Command {
    const char* name;
    const char* arguments;
    const char* what;
    void (Commands::*perform)(Words& words);
    bool here = true;  // About the conversation on the screen: there has to be one.
  };
  // In the order in which /help shows them.
  static const std::vector<Command>& all();
  void work();
  void perform(const std::string& line);

  void help(Words& words);
  void quit(Words&) {}  // main does, before it comes to that.
  void chats(Words& words);
  void open(Words& words);

  void history(Words& words);
  void find(Words& words);
  void reply(Words& words);
  void edit(Words& words);
  void edits(Words& words);
  void draft(Words& words);
  void react(Words& words);
  void remove_messages(Words& words);
  void hide(Words& words);

  void make_group(Words& words);
  void add(Words& words);
  void remove_member(Words& words);
  void leave(Words& words);
  void rename(Words& words);
  void members(Words& words);
  void promote(Words& words);
  void demote(Words& words);
  void dissolve(Words& words);

  void who(Words& words);
  void block(Words& words);
  void unblock(Words& words);
  void blocked(Words& words);

  void display_name(Words& words);
  void about(Words& words);
  void sessions(Words& words);
  void password(Words& words);
  void delete_account(Words& words);

  void say(const std::string& line) { room_.terminal().print(line); }
  // Why the command cannot be run so, and how it is written.
  void usage(const std::string& why);
  // Whether all is well; says what is not.
  template <typename T>
  bool well(const starling::Result<T>& result, const Advice& advice = {}) {
    if (!result) say(sentence_of(result.error(), advice));
    return result.ok();
  }
  // The numbers or names that are left, at least one; says what is missing.
  std::optional<std::vector<std::int64_t>> numbers(Words& words);
  std::optional<std::vector<std::string>> names(Words& words);
  std::optional<std::int64_t> account_named(Words& words);
  std::optional<std::int64_t> message_numbered(Words& words);
  void set_role(Words& words, starling::MemberRole role);
  void end_session(std::int64_t id);
  void set_profile(const std::function<void(starling::Account&)>& change);
  void set_block(Words& words, bool blocked);

  Room& room_;
  const Command* running_ = nullptr;

  std::atomic<bool> account_gone_{false};

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> lines_;  // To be run; the first one is running.
  bool over_ = false;
  std::thread worker_;
};
