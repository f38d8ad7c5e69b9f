// The commands of the chat that are about other people.
#include "examples/chat_commands.h"
#include "examples/terminal_text.h"

namespace {

constexpr int kPage = 50;
constexpr int kMostOfAPage = 200;

}  // namespace

void Commands::who(Words& words) {
  const std::string name = words.word();
  if (name.empty()) return usage("somebody's name is missing; /who * shows all");
  if (name.find_first_of("*?") != std::string::npos) {
    auto page = room_.session().accounts(name, kPage);
    if (!well(page)) return;
    if (page->items.empty()) return say("nobody has such a name");
    for (const starling::Account& one : page->items) say(harmless(one.name));
    if (page->more) say("(there are more)");
    return;
  }
  auto profile = room_.session().profile(name);
  if (!well(profile)) return;
  const starling::Account& account = profile->account;
  const std::string state = room_.state_of_account(account.id);
  say(harmless(account.name) +
      (account.display_name.empty() ? "" : ", " + harmless(account.display_name)) +
      (state.empty() ? "" : ", " + state) + ", here since " + day_of(account.created_at_ms) +
      (account.about.empty() ? "" : ": " + harmless(account.about)) +
      (profile->blocked ? " (you block this account: /unblock takes it back)" : ""));
}

void Commands::block(Words& words) { set_block(words, true); }

void Commands::unblock(Words& words) { set_block(words, false); }

void Commands::set_block(Words& words, bool blocked) {
  const std::string name = words.word();
  if (name.empty()) return usage("somebody's name is missing");
  if (!well(room_.session().set_block(name, blocked), {"it has to be somebody else", ""})) return;
  say(harmless(name) + (blocked ? " can neither write to you nor add you to groups now"
                                : " can write to you and add you to groups again"));
}

void Commands::blocked(Words&) {
  std::int64_t after = 0;
  bool none = true;
  for (bool more = true; more;) {
    auto page = room_.session().blocked(kMostOfAPage, after);
    if (!well(page)) return;
    for (const starling::Account& one : page->items) {
      say(one.name.empty() ? "a deleted account" : harmless(one.name));
      after = one.id;
      none = false;
    }
    more = page->more && !page->items.empty();
  }
  if (none) say("you block nobody");
}
