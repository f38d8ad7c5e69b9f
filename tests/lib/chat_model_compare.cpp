// The chat model against what a server's reader gives.
#include <algorithm>
#include <vector>

#include "tests/lib/chat_model.h"
#include "tests/lib/chat_model_need.h"
#include "tests/lib/sim_node.h"

namespace starling::sim {

void ChatModel::compare(SimNode& node) const {
  chat::Reader& reader = node.reader();
  for (const auto& [id, account] : accounts_) {
    chat::Account row;
    bool found = false;
    need(node, reader.account_by_id(id, found, row));
    need(node, found && row.deleted == account.deleted, "account " + std::to_string(id));
    const bool same = row.name == account.name && row.display_name == account.display_name &&
                      row.about == account.about;
    need(node, account.deleted || same, "profile of " + std::to_string(id));
    chat::Credentials credentials;
    need(node, reader.credentials(account.name, found, credentials));
    need(node, account.deleted || credentials.version == account.version,
         "password of " + std::to_string(id));
  }
  std::size_t listed = 0;
  std::string after;
  for (bool more = true; more;) {
    std::vector<chat::Account> page;
    need(node, reader.list_accounts("*", after, chat::kMaxPage, page, more));
    listed += page.size();
    if (page.empty()) break;
    after = page.back().name;
  }
  need(node, listed == names_.size(), "number of accounts");
  for (const auto& [id, session] : sessions_) {
    chat::SessionRow row;
    bool found = false;
    need(node, reader.session(session.token, found, row));
    // One that has expired may be gone.
    const bool same = found && row.id == id && row.account == session.account;
    need(node, same || session.expires_ms <= now_ms_, "session " + std::to_string(id));
  }
  for (const auto& [id, talk] : talks_) {
    compare_talk(node, id, talk);
    compare_former(node, id, talk);
  }
  for (const auto& [id, account] : accounts_) {
    if (!account.deleted) compare_list(node, id);
  }
}

void ChatModel::compare_talk(SimNode& node, chat::ConversationId id, const Talk& talk) const {
  const std::string name = " of conversation " + std::to_string(id);
  chat::Reader& reader = node.reader();
  chat::Seq seq = 0;
  for (bool more = true; more;) {
    std::vector<chat::Message> page;
    need(node, reader.messages_after(id, seq, chat::kMaxPage, page, more));
    for (const chat::Message& message : page) {
      const auto found = talk.messages.find(++seq);
      need(node, found != talk.messages.end(), "message " + std::to_string(seq) + name);
      const Message& wanted = found->second;
      const bool system = wanted.kind != chat::MessageKind::kText;
      const bool same_id =
          system || (message.id == wanted.id && message.request_id == wanted.request);
      const bool same = message.seq == seq && same_id && message.sender == wanted.sender &&
                        message.deleted == wanted.deleted && message.body == wanted.body &&
                        message.sent_at_ms == wanted.sent_ms && message.kind == wanted.kind &&
                        message.reply_to == wanted.reply_to &&
                        message.edits == static_cast<std::int64_t>(wanted.former.size()) &&
                        message.edited_at_ms == wanted.edited_ms;
      need(node, same, "message " + std::to_string(seq) + name);
    }
    if (page.empty()) break;
  }
  need(node, seq == static_cast<chat::Seq>(talk.messages.size()), "end" + name);
  std::vector<chat::Member> members;
  bool more = false;
  need(node, reader.members(id, 0, chat::kMaxPage, members, more));
  need(node, more || members.size() == talk.members.size(), "number of members" + name);
  for (const auto& [account, member] : talk.members) {
    compare_member(node, id, talk, account, member);
  }
}

void ChatModel::compare_member(SimNode& node, chat::ConversationId id, const Talk& talk,
                               chat::AccountId account, const Member& member) const {
  const std::string name =
      " of conversation " + std::to_string(id) + " for " + std::to_string(account);
  chat::Conversation row;
  bool found = false;
  need(node, node.reader().conversation(id, account, found, row));
  std::int64_t unread = 0;
  std::int64_t mentions = 0;
  for (const auto& [seq, message] : talk.messages) {
    const bool counts = seq > member.read_seq && message.sender != account && !message.deleted &&
                        message.kind == chat::MessageKind::kText &&
                        !hidden_.contains({account, {id, seq}});
    unread += counts ? 1 : 0;
    mentions += counts && message.mentions.contains(account) ? 1 : 0;
  }
  need(node, found && row.read_seq == member.read_seq, "read mark" + name);
  need(node, row.last_seq == static_cast<chat::Seq>(talk.messages.size()), "last seq" + name);
  need(node, row.first_seq == member.joined_seq + 1, "first seq" + name);
  need(node, row.unread == unread, "number of unread messages" + name);
  need(node, row.mentions == mentions, "number of unread mentions" + name);
  need(node, row.role == member.role, "role" + name);
  need(node, !talk.group || row.title == talk.title, "title" + name);
  need(node, row.member_count == static_cast<std::int64_t>(talk.members.size()) || talk.widowed,
       "member count" + name);
  const auto draft = drafts_.find({account, id});
  const bool same_draft = draft == drafts_.end() ? row.draft.body.empty() && row.draft.reply_to == 0
                                                 : row.draft.body == draft->second.body &&
                                                       row.draft.reply_to == draft->second.reply_to;
  need(node, same_draft, "draft" + name);
  compare_view(node, id, talk, account, member);
}

// The newest page, as that member sees it.
void ChatModel::compare_view(SimNode& node, chat::ConversationId id, const Talk& talk,
                             chat::AccountId account, const Member& member) const {
  const std::string name =
      " of conversation " + std::to_string(id) + " for " + std::to_string(account);
  chat::History page;
  bool found = false;
  need(node,
       node.reader().history(id, account, {chat::HistoryPage::From::kBefore, 0, 40}, found, page));
  need(node, found, "membership" + name);
  const auto visible = static_cast<chat::Seq>(talk.messages.size()) - member.joined_seq;
  need(node, static_cast<chat::Seq>(page.messages.size()) == std::min<chat::Seq>(visible, 40),
       "history" + name);
  for (const chat::Message& message : page.messages) {
    const Message& wanted = talk.messages.at(message.seq);
    const bool hidden = hidden_.contains({account, {id, message.seq}});
    std::size_t reactions = 0;
    for (const chat::ReactionCount& reaction : message.reactions) {
      const auto kind = wanted.reactions.find(reaction.emoji);
      const bool same = kind != wanted.reactions.end() &&
                        reaction.count == static_cast<std::int64_t>(kind->second.size()) &&
                        reaction.mine == kind->second.contains(account);
      need(node, same, "reaction on " + std::to_string(message.seq) + name);
      ++reactions;
    }
    const std::size_t expected = hidden || wanted.deleted ? 0 : wanted.reactions.size();
    const bool same = message.hidden == hidden && reactions == expected &&
                      message.mentions_me == wanted.mentions.contains(account) &&
                      message.body == (hidden ? "" : wanted.body);
    need(node, same, "view of message " + std::to_string(message.seq) + name);
  }
}

}  // namespace starling::sim
