// What the chat says to people.
#include "examples/chat_text.h"

#include <algorithm>
#include <charconv>
#include <ctime>

#include "examples/terminal_text.h"

namespace {

using starling::ErrorCode;
using starling::MessageKind;

std::string sender_of(const starling::Message& message) {
  return message.sender.empty() ? "a deleted account" : harmless(message.sender);
}

// "bob carl" as "bob, carl".
std::string listed(const std::string& names) {
  std::string list;
  for (const char c : names) list += c == ' ' ? std::string(", ") : std::string(1, c);
  return harmless(list);
}

std::string system_line(const starling::Message& message) {
  const std::string who = sender_of(message);
  switch (message.kind) {
    case MessageKind::kGroupCreated:
      return who + " made the group " + quoted(message.body);
    case MessageKind::kGroupRenamed:
      return who + " renamed the group to " + quoted(message.body);
    case MessageKind::kMembersAdded:
      return who + " added " + listed(message.body);
    case MessageKind::kMemberRemoved:
      return who + " removed " + harmless(message.body);
    case MessageKind::kMemberLeft:
      return who + " left";
    case MessageKind::kOwnerChanged:
      return who + " made " + harmless(message.body) + " the owner";
    case MessageKind::kAdminAdded:
      return who + " made " + harmless(message.body) + " an admin";
    case MessageKind::kAdminRemoved:
      return who + " made " + harmless(message.body) + " an ordinary member";
    case MessageKind::kGroupDissolved:
      return who + " dissolved the group";
    case MessageKind::kText:
    case MessageKind::kOther:
      break;
  }
  return who + " changed the group";
}

// Errors begin with the name that a field has for programs: "new_password: must have ..." becomes
// "the new password must have ...".
std::string without_field(const starling::Error& error) {
  std::string told = error.message;
  // A send that the servers refuse names none.
  const std::string field = error.field.empty() ? "reply_to" : error.field;
  if (told.rfind(field, 0) != 0) return told;
  told.erase(0, field.size());
  if (told.rfind(": ", 0) == 0) told.erase(0, 2);
  const auto goes_on = [&told](const char* verb) { return told.rfind(verb, 0) == 0; };
  if (told.rfind(' ', 0) == 0) told.erase(0, 1);
  if (!goes_on("must ") && !goes_on("is ") && !goes_on("names ")) return told;
  std::string subject = field == "body"       ? "text"
                        : field == "reply_to" ? "message to answer"
                                              : field;
  std::replace(subject.begin(), subject.end(), '_', ' ');
  return "the " + subject + " " + told;
}

std::string help_with(const starling::Error& error) {
  switch (error.code) {
    case ErrorCode::kNotFound:
      return "look at the spelling; /who * shows names, /chats conversations";
    case ErrorCode::kPermissionDenied:
      return "/members shows who may do that, and /who NAME whether there is a block";
    case ErrorCode::kUnauthenticated:
      return "leave by Ctrl-D, and log in again";
    case ErrorCode::kInvalidArgument:
      return "/help shows how it is written";
    default:
      return error.retryable ? "try again in a moment" : "";
  }
}

std::string written(std::int64_t ms, const char* format) {
  const std::time_t seconds = ms / 1'000;
  const std::tm* date = std::gmtime(&seconds);  // On one thread at a time.
  char text[32] = "";
  if (date == nullptr || std::strftime(text, sizeof(text), format, date) == 0) return "?";
  return text;
}

}  // namespace

std::string quoted(const std::string& title) { return "\"" + harmless(title) + "\""; }

std::string beginning_of(const std::string& text) {
  constexpr std::size_t kMost = 40;
  const std::u32string all = to_text(text);
  if (all.size() <= kMost) return quoted(text);
  std::string begins;
  for (const char32_t c : all.substr(0, kMost)) begins += to_utf8(c);
  return quoted(begins + "\u2026");
}

std::vector<std::string> wrapped(const std::string& line, std::size_t columns, std::size_t indent) {
  std::vector<std::string> lines;
  std::string left = line;
  while (left.size() > columns) {
    // Not before the first word, of the first line too: its left half is as wide.
    const std::size_t space = left.rfind(' ', columns);
    const bool breaks = space != std::string::npos && space > indent;
    const std::size_t end = breaks ? space : left.find(' ', std::max(columns, indent));
    if (end == std::string::npos) break;
    lines.push_back(left.substr(0, end));
    left = std::string(indent, ' ') + left.substr(end + 1);
  }
  lines.push_back(left);
  return lines;
}

std::string line_of(const starling::Message& message) {
  if (message.kind != MessageKind::kText) return system_line(message);
  std::string who = sender_of(message);
  if (message.reply_to != 0) who += " (to " + std::to_string(message.reply_to) + ")";
  return who + ": " + harmless(message.body);
}

std::string numbered_line_of(const starling::Message& message) {
  std::string line = std::to_string(message.seq) + "  ";
  if (message.deleted) return line + "(deleted)";
  if (message.hidden) return line + "(hidden from you)";
  line += line_of(message);
  if (message.edits > 0) line += "  (edited)";
  for (const starling::Reaction& reaction : message.reactions) {
    line += "  " + harmless(reaction.emoji) + " " + std::to_string(reaction.count);
    if (reaction.mine) line += " with yours";
  }
  return line;
}

std::string day_of(std::int64_t ms) { return written(ms, "%Y-%m-%d"); }

std::string minute_of(std::int64_t ms) { return written(ms, "%Y-%m-%d %H:%M UTC"); }

std::string state_of(const starling::Presence& presence) {
  if (presence.state == starling::PresenceState::kOnline) return "online";
  if (presence.state == starling::PresenceState::kAway) return "away";
  if (presence.last_seen_ms == 0) return "offline";
  return "last seen " + minute_of(presence.last_seen_ms);
}

std::string lasting(std::int64_t ms) {
  if (ms < 1'000) return std::to_string(ms) + " ms";
  const std::int64_t seconds = ms / 1'000;
  if (seconds >= 60) {
    return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
  }
  return std::to_string(seconds) + "." + std::to_string(ms % 1'000 / 100) + " s";
}

Advice about_messages(const std::string& refused) {
  return {refused, "/history shows the numbers of messages"};
}

std::string sentence_of(const starling::Error& error, const Advice& advice) {
  std::string told = harmless(without_field(error));
  while (!told.empty() && told.back() == '.') told.pop_back();
  if (error.may_have_happened) return told;  // The message says it, and what to do.
  const bool refused =
      error.code == ErrorCode::kPermissionDenied || error.code == ErrorCode::kInvalidArgument;
  const std::string& own = refused                              ? advice.refused
                           : error.code == ErrorCode::kNotFound ? advice.missing
                                                                : std::string();
  const std::string help = own.empty() ? help_with(error) : own;
  return help.empty() ? told : told + ": " + help;
}

void Words::skip_spaces() {
  while (at_ < line_.size() && line_[at_] == ' ') ++at_;
}

std::string Words::word() {
  skip_spaces();
  const bool in_quotes = at_ < line_.size() && line_[at_] == '"';
  if (in_quotes) ++at_;
  const std::size_t end = std::min(line_.find(in_quotes ? '"' : ' ', at_), line_.size());
  std::string found = line_.substr(at_, end - at_);
  at_ = std::min(end + (in_quotes ? 1 : 0), line_.size());
  return found;
}

std::optional<std::int64_t> Words::number() {
  const std::string text = word();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value <= 0) return std::nullopt;
  return value;
}

bool Words::done() {
  skip_spaces();
  return at_ == line_.size();
}

std::string Words::all_as_one() {
  Words quoted = *this;
  const std::string one = quoted.word();
  const std::string left = rest();
  return quoted.done() ? one : left;
}

std::string Words::rest() {
  skip_spaces();
  std::string left = line_.substr(at_);
  at_ = line_.size();
  return left;
}
