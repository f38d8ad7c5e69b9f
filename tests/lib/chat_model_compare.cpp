// The chat model against what a server's reader gives.
#include <algorithm>
#include <vector>

#include "tests/lib/chat_model.h"
#include "tests/lib/invariants.h"
#include "tests/lib/sim_node.h"

namespace starling::sim {

namespace {
void need(const SimNode& node, bool holds, const std::string& what) {
  if (!holds) violated("chat model", node.name() + " has another " + what);
}

void need(const SimNode& node, const sqlite::Status& status) {
  if (!status.ok()) violated("reader", node.name() + ": " + status.message());
}
}  // namespace

void ChatModel::compare(SimNode& node) const {
  chat::Reader& reader = node.reader();
  for (const auto& [id, account] : accounts_) {
    chat::Account row;
    bool found = false;
    need(node, reader.account_by_id(id, found, row));
    need(node, found && row.deleted == account.deleted, "account " + std::to_string(id));
    need(node, account.deleted || row.name == account.name, "name of " + std::to_string(id));
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
  for (const auto& [id, talk] : talks_) compare_talk(node, id, talk);
}

void ChatModel::compare_talk(SimNode& node, chat::ConversationId id, const Talk& talk) const {
  const std::string name = " of conversation " + std::to_string(id);
  chat::Reader& reader = node.reader();
  chat::Seq seq = 0;
  for (bool more = true; more;) {
    std::vector<chat::Message> page;
    need(node, reader.messages_after(id, seq, chat::kMaxPage, page, more));
    for (const chat::Message& message : page) {
      const auto wanted = talk.messages.find(++seq);
      const bool same =
          wanted != talk.messages.end() && message.seq == seq && message.id == wanted->second.id &&
          message.sender == wanted->second.sender && message.request_id == wanted->second.request &&
          message.deleted == wanted->second.deleted && message.body == wanted->second.body &&
          message.sent_at_ms == wanted->second.sent_ms;
      need(node, same, "message " + std::to_string(seq) + name);
    }
    if (page.empty()) break;
  }
  need(node, seq == static_cast<chat::Seq>(talk.messages.size()), "end" + name);
  for (const auto& [member, mark] : talk.marks) {
    chat::Conversation row;
    bool found = false;
    need(node, reader.conversation(id, member, found, row));
    const auto unread = std::count_if(
        talk.messages.begin(), talk.messages.end(), [member = member, mark = mark](const auto& m) {
          return m.first > mark && m.second.sender != member && !m.second.deleted;
        });
    need(node, found && row.read_seq == mark, "read mark" + name);
    need(node, row.last_seq == seq, "last seq" + name);
    need(node, row.unread == unread, "number of unread messages" + name);
  }
}

}  // namespace starling::sim
