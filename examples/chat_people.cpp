// The commands of the chat that are about people, and about one's own account.
#include "examples/chat_commands.h"
#include "examples/terminal_text.h"

namespace {

constexpr int kPage = 50;

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

void Commands::sessions(Words& words) {
  if (const std::string what = words.word(); !what.empty()) {
    const auto id = words.number();
    if (what != "end" || !id) return usage("the number that /sessions shows is needed");
    if (well(room_.session().end_session(*id), {"", "/sessions shows them"})) {
      say("that session has ended");
    }
    return;
  }
  auto all = room_.session().sessions();
  if (!well(all)) return;
  for (const starling::SessionInfo& one : *all) {
    say(std::to_string(one.id) + "  " + (one.device.empty() ? "of no name" : harmless(one.device)) +
        ", since " + day_of(one.created_at_ms) + ", until " + day_of(one.expires_at_ms) +
        (one.current ? " (this one)" : ""));
  }
}

void Commands::password(Words& words) {
  const std::string before = words.word();
  const std::string after = words.word();
  if (before.empty() || after.empty()) return usage("your password and the next one are needed");
  auto ended = room_.session().change_password(before, after);
  if (!ended && ended.error().code == starling::ErrorCode::kUnauthenticated) {
    return say(
        "your password stays as it was: OLD has to be the one that you log in with, in "
        "quotes when it has spaces");
  }
  if (!well(ended)) return;
  say("your password is another one now; other sessions that ended by it: " +
      std::to_string(*ended));
}
