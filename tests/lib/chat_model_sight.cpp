// See chat_model.h. What an account sees of conversations that it has left, was told while it was
// in them, and finds.
#include <algorithm>
#include <string_view>

#include "tests/lib/chat_model.h"
#include "tests/lib/chat_model_need.h"

namespace starling::sim {

namespace {
// Letters and digits of ASCII are all that the clients write words with.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    const bool in_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (in_word) {
      out.back() += c;
    } else if (!out.back().empty()) {
      out.emplace_back();
    }
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

bool has(const std::string& body, const SearchTerms& terms) {
  const std::vector<std::string> words = words_of(body);
  const auto same = [&terms](const std::string& word, const std::string& wanted) {
    const bool last = &wanted == &terms.words.back();
    return last && terms.begins ? word.starts_with(wanted) : word == wanted;
  };
  return std::search(words.begin(), words.end(), terms.words.begin(), terms.words.end(), same) !=
         words.end();
}
}  // namespace

std::optional<std::set<chat::MessageId>> ChatModel::search(chat::AccountId viewer,
                                                           const SearchTerms& terms) const {
  std::set<chat::MessageId> out;
  bool there = terms.conversation == 0;
  for (const auto& [id, talk] : talks_) {
    const auto member = talk.members.find(viewer);
    if (member == talk.members.end()) continue;
    if (terms.conversation != 0 && terms.conversation != id) continue;
    there = true;
    for (auto it = talk.messages.upper_bound(member->second.joined_seq); it != talk.messages.end();
         ++it) {
      const auto& [seq, message] = *it;
      if (message.deleted || message.kind != chat::MessageKind::kText) continue;
      if (hidden_.contains({viewer, {id, seq}})) continue;
      const auto sender = names_.find(terms.from);
      if (!terms.from.empty() && (sender == names_.end() || sender->second != message.sender)) {
        continue;
      }
      if (has(message.body, terms)) out.insert(message.id);
    }
  }
  if (!there) return std::nullopt;
  return out;
}

// Who left, or was removed, has no such conversation.
void ChatModel::compare_former(SimNode& node, chat::ConversationId id, const Talk& talk) const {
  for (const auto& [account, stays] : talk.stays) {
    if (talk.members.contains(account) || !is_alive(account)) continue;
    const std::string name = " of conversation " + std::to_string(id) + " for the former member " +
                             std::to_string(account);
    chat::Conversation row;
    bool found = false;
    need(node, node.reader().conversation(id, account, found, row));
    need(node, !found, "sight" + name);
    chat::History page;
    need(node,
         node.reader().history(id, account, {chat::HistoryPage::From::kBefore, 0, 1}, found, page));
    need(node, !found && page.messages.empty(), "history" + name);
  }
}

void ChatModel::compare_list(SimNode& node, chat::AccountId account) const {
  std::vector<chat::ConversationId> wanted;
  for (const auto& [id, talk] : talks_) {
    if (talk.members.contains(account)) wanted.push_back(id);
  }
  std::vector<chat::Conversation> page;
  bool more = false;
  need(node, node.reader().list_conversations(account, 0, chat::kMaxPage, page, more));
  std::vector<chat::ConversationId> listed;
  for (const chat::Conversation& one : page) listed.push_back(one.id);
  std::sort(listed.begin(), listed.end());
  need(node, more || listed == wanted, "list of conversations for " + std::to_string(account));
}

void ChatModel::compare_told(const SimNode& node, chat::AccountId account,
                             const std::vector<chat::Event>& told) const {
  const std::string whom = " told to " + std::to_string(account);
  std::map<chat::ConversationId, std::vector<chat::Seq>> seqs;
  for (const chat::Event& event : told) {
    if (event.kind != chat::EventKind::kMessage) continue;
    const chat::Message& message = event.message;
    const std::string name = "message " + std::to_string(message.seq) + " of conversation " +
                             std::to_string(event.conversation) + whom;
    const auto talk = talks_.find(event.conversation);
    need(node, talk != talks_.end() && talk->second.messages.contains(message.seq), name);
    const Message& wanted = talk->second.messages.at(message.seq);
    const auto member = talk->second.members.find(account);
    const bool here =
        member != talk->second.members.end() && message.seq > member->second.joined_seq;
    // What was changed since it left is not its business.
    const bool shown = here || wanted.former.empty();
    need(node, message.body == (shown ? wanted.body : ""), name);
    seqs[event.conversation].push_back(message.seq);
  }
  for (const auto& [id, talk] : talks_) {
    const auto stays = talk.stays.find(account);
    std::vector<chat::Seq> wanted;
    const auto last = static_cast<chat::Seq>(talk.messages.size());
    for (const Stay& stay : stays == talk.stays.end() ? std::vector<Stay>() : stays->second) {
      for (chat::Seq seq = stay.first; seq <= (stay.last == 0 ? last : stay.last); ++seq) {
        wanted.push_back(seq);
      }
    }
    need(node, seqs[id] == wanted, "part of conversation " + std::to_string(id) + whom);
  }
}

}  // namespace starling::sim
