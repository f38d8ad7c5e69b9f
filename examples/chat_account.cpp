// The commands of the chat that are about one's own account.
#include <algorithm>

#include "examples/chat_commands.h"
#include "examples/terminal_text.h"

void Commands::sessions(Words& words) {
  if (const std::string what = words.word(); !what.empty()) {
    const auto id = words.number();
    if (what != "end" || !id) return usage("the number that /sessions shows is needed");
    return end_session(*id);
  }
  auto all = room_.session().sessions();
  if (!well(all)) return;
  for (const starling::SessionInfo& one : *all) {
    say(std::to_string(one.id) + "  " + (one.device.empty() ? "of no name" : harmless(one.device)) +
        ", since " + minute_of(one.created_at_ms) + ", until " + minute_of(one.expires_at_ms) +
        (one.current ? " (this one)" : ""));
  }
}

// Ending one that is not there is no error, so that it can be retried: a wrong number would look
// like done.
void Commands::end_session(std::int64_t id) {
  auto all = room_.session().sessions();
  if (!well(all)) return;
  const auto known = [id](const starling::SessionInfo& one) { return one.id == id; };
  if (std::none_of(all->begin(), all->end(), known)) {
    return say("you have no session " + std::to_string(id) + ": /sessions shows them");
  }
  if (well(room_.session().end_session(id))) say("that session has ended");
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

void Commands::display_name(Words& words) {
  const std::string name = words.all_as_one();
  set_profile([&name](starling::Account& account) { account.display_name = name; });
}

void Commands::about(Words& words) {
  const std::string about = words.all_as_one();
  set_profile([&about](starling::Account& account) { account.about = about; });
}

// Both are set at once: what stays has to be known.
void Commands::set_profile(const std::function<void(starling::Account&)>& change) {
  auto profile = room_.session().profile(room_.session().account().name);
  if (!well(profile)) return;
  starling::Account& account = profile->account;
  change(account);
  auto set = room_.session().set_profile(account.display_name, account.about);
  if (!well(set, {"a shorter text will do", ""})) return;
  say("others see " +
      (set->display_name.empty() ? harmless(set->name) : quoted(set->display_name)) +
      (set->about.empty() ? "" : ": " + harmless(set->about)));
}

void Commands::delete_account(Words& words) {
  const std::string password = words.word();
  if (password.empty() || !words.done()) {
    return usage("your password is needed, in quotes when it has spaces; this cannot be undone");
  }
  const starling::Status deleted = room_.session().delete_account(password);
  const bool unknown = !deleted && deleted.error().code == starling::ErrorCode::kUnauthenticated;
  if (unknown && !deleted.error().may_have_happened) {
    return say(
        "your account stays: PASSWORD has to be the one that you log in with, in quotes when it "
        "has spaces");
  }
  if (!unknown && !well(deleted)) return;
  account_gone_ = true;
  say(deleted ? "your account is gone"
              : "your account is most likely gone: the first answer was lost, and this session has "
                "ended");
}
