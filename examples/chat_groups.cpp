// The commands of the chat that are about groups.
#include "examples/chat_commands.h"
#include "examples/terminal_text.h"

namespace {

using starling::MemberRole;

constexpr int kMostOfAPage = 200;

std::string role_of(const starling::Member& member) {
  if (member.role == MemberRole::kOwner) return ", owner";
  return member.role == MemberRole::kAdmin ? ", admin" : "";
}

}  // namespace

void Commands::make_group(Words& words) {
  const std::string title = words.word();
  if (title.empty()) return usage("the title is missing");
  const auto others = names(words);
  if (!others) return;
  auto group = room_.session().create_group(title, *others);
  if (!well(group, {"somebody among them may block you, and you yourself are in it anyway", ""})) {
    return;
  }
  well(room_.enter(*group));
}

void Commands::add(Words& words) {
  const auto others = names(words);
  if (!others) return;
  auto added = room_.session().add_members(room_.conversation(), *others);
  if (well(added, {"a group's admins can add people; /members shows who that is", ""}) &&
      *added == 0) {
    say("they are here already");
  }
}

void Commands::remove_member(Words& words) {
  const auto id = account_named(words);
  if (!id) return;
  if (*id == room_.session().account().id) return usage("/leave takes you out");
  well(room_.session().remove_member(room_.conversation(), *id),
       {"a group's admins can remove members, its owner admins too; /members shows who is what",
        "/members shows who is here"});
}

void Commands::leave(Words&) {
  const std::int64_t group = room_.conversation();
  if (well(room_.session().leave(group), {"only groups can be left", ""})) {
    room_.go_out(group, "you have left this group");
  }
}

void Commands::rename(Words& words) {
  const std::string title = words.all_as_one();
  if (title.empty()) return usage("the title is missing");
  well(room_.session().rename_group(room_.conversation(), title),
       {"a group's admins can rename it; /members shows who that is", ""});
}

void Commands::members(Words&) {
  std::int64_t after = 0;
  for (bool more = true; more;) {
    auto page = room_.session().members(room_.conversation(), kMostOfAPage, after);
    if (!well(page)) return;
    for (const starling::Member& one : page->items) {
      const std::string state = room_.state_of_account(one.account.id);
      say(harmless(one.account.name) + role_of(one) + (state.empty() ? "" : ", " + state) +
          ", has read up to " + std::to_string(one.read_seq));
      after = one.account.id;
    }
    more = page->more && !page->items.empty();
  }
}

void Commands::promote(Words& words) {
  Words before = words;
  before.word();
  const bool owner = before.word() == "owner";
  set_role(words, owner ? MemberRole::kOwner : MemberRole::kAdmin);
}

void Commands::demote(Words& words) { set_role(words, MemberRole::kMember); }

void Commands::set_role(Words& words, MemberRole role) {
  const auto id = account_named(words);
  if (!id) return;
  well(room_.session().set_role(room_.conversation(), *id, role),
       {"the group's owner can do that; /members shows who that is", "/members shows who is here"});
}

void Commands::dissolve(Words&) {
  well(room_.session().dissolve_group(room_.conversation()),
       {"the group's owner can do that; /members shows who that is", ""});
}
