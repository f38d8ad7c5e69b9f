// The commands of the chat that are about messages.
#include <algorithm>

#include "examples/chat_commands.h"
#include "examples/terminal_text.h"

namespace {

constexpr std::int64_t kPage = 20;
constexpr std::int64_t kMostOfAPage = 200;

}  // namespace

void Commands::history(Words& words) {
  std::int64_t count = kPage;
  if (!words.done()) {
    const auto given = words.number();
    if (!given) return usage("N is a number, such as 50");
    count = std::min(*given, kMostOfAPage);
  }
  auto page = room_.session().messages(room_.conversation(), 0, static_cast<int>(count));
  if (!well(page)) return;
  if (page->more) say("(there is more)");
  for (const starling::Message& message : page->items) say(numbered_line_of(message));
}

void Commands::find(Words& words) {
  starling::SearchOptions options;
  options.limit = static_cast<int>(kPage);
  auto found = room_.session().search(words.rest(), options);
  if (!well(found)) return;
  if (found->hits.empty()) return say("nothing was found");
  for (const starling::SearchHit& hit : found->hits) {
    const starling::Message& message = hit.message;
    say(day_of(message.sent_at_ms) + "  chat " + std::to_string(message.conversation_id) + "  " +
        numbered_line_of(message));
  }
  if (!found->next_page.empty()) say("(there is more: more words find less)");
}

void Commands::reply(Words& words) {
  const auto seq = message_numbered(words);
  if (!seq) return;
  const std::string text = words.rest();
  if (text.empty()) return usage("the text is missing");
  room_.send(text, *seq);
}

void Commands::edit(Words& words) {
  const auto seq = message_numbered(words);
  if (!seq) return;
  const std::string text = words.rest();
  if (text.empty()) return usage("the text is missing");
  well(room_.session().edit_message(room_.conversation(), *seq, text),
       about_messages("/history shows whose they are"));
}

void Commands::edits(Words& words) {
  const auto seq = message_numbered(words);
  if (!seq) return;
  auto edits = room_.session().edits(room_.conversation(), *seq);
  if (!well(edits, about_messages())) return;
  if (edits->empty()) return say("nobody has edited it");
  for (const starling::Edit& one : *edits) {
    say("until " + minute_of(one.at_ms) + ": " + harmless(one.body));
  }
}

void Commands::draft(Words& words) {
  const std::int64_t here = room_.conversation();
  const std::string text = words.rest();
  if (!text.empty()) {
    if (well(room_.session().set_draft(here, text)))
      say("kept, on all your devices: " + quoted(text));
    return;
  }
  auto conversation = room_.session().conversation(here);
  if (!well(conversation)) return;
  const std::string& kept = conversation->draft.body;
  if (kept.empty()) return say("nothing is kept here");
  say("kept until now: " + quoted(kept));
  well(room_.session().set_draft(here, ""));
}

void Commands::react(Words& words) {
  const auto seq = message_numbered(words);
  if (!seq) return;
  const std::string emoji = words.word();
  if (emoji.empty()) return usage("the emoji is missing");
  if (!words.done()) return usage("one emoji, or one word, at a time");
  auto page = room_.session().messages_around(room_.conversation(), *seq, 1);
  if (!well(page, about_messages())) return;
  bool mine = false;
  for (const starling::Message& message : page->items) {
    for (const starling::Reaction& one : message.reactions) {
      if (message.seq == *seq && one.emoji == emoji) mine = one.mine;
    }
  }
  well(room_.session().react(room_.conversation(), *seq, emoji, !mine), about_messages());
}

void Commands::remove_messages(Words& words) {
  const auto seqs = numbers(words);
  if (!seqs) return;
  auto deleted = room_.session().delete_messages(room_.conversation(), *seqs);
  if (well(deleted, about_messages("a group's admins can delete anybody's")) && *deleted == 0) {
    say("deleted already");
  }
}

void Commands::hide(Words& words) {
  const auto seqs = numbers(words);
  if (!seqs) return;
  if (well(room_.session().hide_messages(room_.conversation(), *seqs), about_messages())) {
    say("hidden from you; the others still see it");
  }
}
