// The commands of the chat: which there are, and how they are run.
#include "examples/chat_commands.h"

#include <algorithm>
#include <utility>

#include "examples/terminal_text.h"

const std::vector<Commands::Command>& Commands::all() {
  static const std::vector<Command> commands = {
      {"help", "", "shows this", &Commands::help, false},
      {"quit", "", "logs you out and ends the chat, as Ctrl-C does, and Ctrl-D on an empty line",
       &Commands::quit, false},
      {"chats", "", "the conversations that you are in", &Commands::chats, false},
      {"open", "NAME|CHAT", "goes to the conversation with NAME, or to that of a number",
       &Commands::open, false},
      {"history", "[N]", "the last N messages, with the numbers that SEQ stands for",
       &Commands::history},
      {"find", "WORDS",
       "searches all your conversations; from:NAME in:NAME \"a phrase\" wor* before:DAY "
       "after:DAY; a DAY is one of UTC, such as 2026-11-26, and itself left out",
       &Commands::find, false},
      {"reply", "SEQ TEXT", "answers a message", &Commands::reply},
      {"edit", "SEQ TEXT", "gives a message of yours another text", &Commands::edit},
      {"edits", "SEQ", "what a message said before it was edited", &Commands::edits},
      {"draft", "[TEXT]",
       "keeps what you do not send yet, on all your devices; alone it shows that, and keeps it no "
       "more",
       &Commands::draft},
      {"react", "SEQ EMOJI",
       "puts an emoji on a message, or takes yours back; a word of up to 32 bytes will do as well",
       &Commands::react},
      {"delete", "SEQ...", "deletes messages for everybody", &Commands::remove_messages},
      {"hide", "SEQ...", "hides messages from you alone, for good", &Commands::hide},
      {"group", "TITLE NAME...", "makes a group and goes there; \"two words\" are one TITLE",
       &Commands::make_group, false},
      {"add", "NAME...", "adds people to this group", &Commands::add},
      {"remove", "NAME", "takes somebody out of this group", &Commands::remove_member},
      {"leave", "", "takes you out of this group", &Commands::leave},
      {"rename", "TITLE", "gives this group another title", &Commands::rename},
      {"members", "", "who is here, as what, how each is, and how far each has read",
       &Commands::members},
      {"promote", "NAME [owner]", "makes a member an admin, or the owner", &Commands::promote},
      {"demote", "NAME", "makes an admin an ordinary member", &Commands::demote},
      {"dissolve", "", "ends this group for all", &Commands::dissolve},
      {"who", "NAME", "how somebody is, and what it says of itself; NAME may have * and ?",
       &Commands::who, false},
      {"block", "NAME", "lets somebody neither write to you nor add you to groups",
       &Commands::block, false},
      {"unblock", "NAME", "takes that back", &Commands::unblock, false},
      {"blocked", "", "whom you block", &Commands::blocked, false},
      {"name", "TEXT", "the name that others see beside that of your account; none without TEXT",
       &Commands::display_name, false},
      {"about", "TEXT", "what others see that you say of yourself; nothing without TEXT",
       &Commands::about, false},
      {"sessions", "[end ID]", "where you are logged in; or ends one of them", &Commands::sessions,
       false},
      {"password", "OLD NEW", "changes your password, and ends your other sessions",
       &Commands::password, false},
      {"delete-account", "PASSWORD",
       "ends your account, for good; your messages stay, as those of a deleted account",
       &Commands::delete_account, false},
  };
  return commands;
}

Commands::Commands(Room& room) : room_(room), worker_([this] { work(); }) {}

Commands::~Commands() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
    changed_.notify_all();
  }
  worker_.join();
}

bool Commands::is_quit(const std::string& line) {
  return is_command(line) && Words(line.substr(1)).word() == "quit";
}

bool Commands::is_command(const std::string& line) {
  return line[0] == '/' && line.compare(0, 2, "//") != 0;
}

void Commands::run(const std::string& line) {
  if (!room_.terminal().interactive()) return perform(line);
  const std::lock_guard lock(mutex_);
  lines_.push_back(line);
  changed_.notify_all();
}

void Commands::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [this] { return over_ || !lines_.empty(); });
    if (over_) return;
    const std::string line = lines_.front();
    lock.unlock();
    perform(line);
    lock.lock();
    lines_.pop_front();
  }
}

bool Commands::busy() {
  const std::lock_guard lock(mutex_);
  return !lines_.empty();
}

void Commands::perform(const std::string& line) {
  Words words(line.substr(1));
  const std::string name = words.word();
  const auto found = std::find_if(all().begin(), all().end(),
                                  [&name](const Command& one) { return name == one.name; });
  if (found == all().end()) {
    return say("there is no command /" + harmless(name) +
               ": /help shows all, and //text sends a text that begins with a slash");
  }
  if (found->here && room_.conversation() == 0) {
    return say("you are nowhere: /open NAME or /open CHAT leads to a conversation first");
  }
  running_ = &*found;
  (this->*found->perform)(words);
}

void Commands::usage(const std::string& why) {
  const bool bare = *running_->arguments == '\0';
  say(std::string("/") + running_->name + (bare ? "" : " ") + running_->arguments + ": " + why);
}

void Commands::help(Words&) {
  constexpr std::size_t kLeft = 22;
  const std::size_t columns = room_.terminal().columns();
  for (const Command& one : all()) {
    std::string left = std::string("/") + one.name + " " + one.arguments;
    left.resize(std::max(left.size(), kLeft), ' ');
    const std::string line = left + " " + one.what;
    for (const std::string& part : wrapped(line, columns, kLeft + 1)) say(part);
  }
}

void Commands::chats(Words&) {
  std::int64_t after = 0;
  for (bool more = true; more;) {
    auto page = room_.session().conversations(200, after);
    if (!well(page)) return;
    for (const starling::Conversation& one : page->items) {
      const bool group = one.kind == starling::ConversationKind::kGroup;
      say(std::to_string(one.id) + "  " + (group ? quoted(one.title) : harmless(one.title)) +
          (group ? ", " + std::to_string(one.member_count) + " members" : "") +
          (one.unread_count > 0 ? ", " + std::to_string(one.unread_count) + " unread" : ""));
      after = one.id;
    }
    more = page->more && !page->items.empty();
  }
}

void Commands::open(Words& words) {
  const std::string to = words.word();
  if (to.empty()) return usage("the name of somebody, or the number that /chats shows, is missing");
  Words again(to);
  if (const auto id = again.number()) {
    auto found = room_.session().conversation(*id);
    if (!found && found.error().code != starling::ErrorCode::kNotFound) {
      return (void)well(found);
    }
    if (found) return (void)well(room_.enter(*found));
  }
  // A name may consist of digits.
  auto chat = room_.session().open_direct(to);
  if (!well(chat, {"to yourself you cannot write; /who * shows the others",
                   harmless(to) + " has no account yet, or has another name; /who * shows all"})) {
    return;
  }
  well(room_.enter(*chat));
}

std::optional<std::vector<std::int64_t>> Commands::numbers(Words& words) {
  std::vector<std::int64_t> all;
  while (!words.done()) {
    const auto number = message_numbered(words);
    if (!number) return std::nullopt;
    all.push_back(*number);
  }
  if (!all.empty()) return all;
  usage("the number of a message is missing; /history shows them");
  return std::nullopt;
}

std::optional<std::vector<std::string>> Commands::names(Words& words) {
  std::vector<std::string> all;
  while (!words.done()) all.push_back(words.word());
  if (!all.empty()) return all;
  usage("somebody's name is missing");
  return std::nullopt;
}

std::optional<std::int64_t> Commands::message_numbered(Words& words) {
  const auto number = words.number();
  if (!number) usage("the number of a message is needed; /history shows them");
  return number;
}

std::optional<std::int64_t> Commands::account_named(Words& words) {
  const std::string name = words.word();
  if (name.empty()) {
    usage("somebody's name is missing");
    return std::nullopt;
  }
  auto profile = room_.session().profile(name);
  if (!well(profile)) return std::nullopt;
  return profile->account.id;
}
