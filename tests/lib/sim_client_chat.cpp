// What a model client does beside writing to others: groups, what is done to messages, its profile.
// It may ask for what is refused, since it does not know everything; what each command has to give
// is the chat model's to say.
#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "tests/lib/sim_client.h"
#include "tests/lib/sim_world.h"

namespace starling::sim {

namespace {
constexpr std::size_t kMostGroups = 3;  // That it makes,
constexpr std::size_t kMostJoined = 6;  // and all that it writes in.
}  // namespace

template <typename Command>
void SimClient::call_chat(Op::Kind kind, Command command) {
  chat::RequestId id{};
  if constexpr (requires { command.key; }) {
    command.key = new_key();
    id = command.key.id;
  }
  command.actor = {account_, session_};
  Op& op = call(kind, std::move(command));
  op.id = id;
  attempt(op);
}

// Another client, or an account of its own that may be deleted later.
chat::AccountId SimClient::somebody() {
  Random& random = world_.random;
  if (!extras_.empty() && random.per_mille(300)) {
    return extras_[random.below(extras_.size())].account;
  }
  const auto& clients = world_.clients();
  return clients[random.below(clients.size())]->account();
}

void SimClient::chat_some() {
  Random& random = world_.random;
  const std::uint64_t draw = random.below(100);
  if (draw < 10) return make_group();
  if (draw < 24) return look_around();
  if (draw < 52 && !groups_.empty()) return change_group(random.one_of(groups_));
  if (draw < 60 && !scratch_.empty()) {
    const chat::ConversationId group = random.one_of(scratch_);
    if (!random.per_mille(300)) return change_group(group);
    chat::DissolveGroup body;
    body.conversation = group;
    return call_chat(Op::Kind::kChat, std::move(body));
  }
  if (draw < 68) return change_account();
  touch_message();
}

// At any server: others have added it to groups.
void SimClient::look_around() {
  const int number = world_.some_up_node();
  if (number == 0 || groups_.size() >= kMostJoined) return;
  std::vector<chat::Conversation> page;
  bool more = false;
  const auto status =
      world_.node(number).reader().list_conversations(account_, 0, chat::kMaxPage, page, more);
  if (!status.ok()) violated("reader", status.message());
  const auto known = [this](chat::ConversationId id) {
    return std::count(groups_.begin(), groups_.end(), id) +
               std::count(scratch_.begin(), scratch_.end(), id) !=
           0;
  };
  for (const chat::Conversation& one : page) {
    if (one.kind != chat::ConversationKind::kGroup || known(one.id)) continue;
    groups_.push_back(one.id);
    Talk talk;
    talk.id = one.id;
    talks_.push_back(talk);
    return;
  }
}

bool SimClient::in_a_group(const Op& op) const {
  return std::visit(
      [this](const auto& command) {
        if constexpr (requires { command.conversation; }) {
          return std::count(groups_.begin(), groups_.end(), command.conversation) != 0;
        } else {
          return false;
        }
      },
      op.command);
}

void SimClient::make_group() {
  if (groups_.size() + scratch_.size() >= kMostGroups) return;
  chat::CreateGroup body;
  body.title = "group of " + std::to_string(number_);
  for (std::uint64_t i = world_.random.below(3); i > 0; --i) body.members.push_back(somebody());
  call_chat(world_.random.per_mille(300) ? Op::Kind::kScratch : Op::Kind::kGroup, std::move(body));
}

void SimClient::change_group(chat::ConversationId group) {
  Random& random = world_.random;
  switch (random.below(6)) {
    case 0:
    case 1: {
      chat::AddMembers body;
      body.conversation = group;
      // Who has left, or was removed, may come back so.
      body.accounts = {random.one_of(world_.clients())->account()};
      if (random.per_mille(400)) body.accounts.push_back(somebody());
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    case 2: {
      chat::RemoveMember body;
      body.conversation = group;
      body.account = somebody();
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    case 5: {
      // An owner leaves to an heir. What it writes until somebody adds it again is refused.
      chat::RemoveMember body;
      body.conversation = group;
      body.account = account_;
      if (!random.per_mille(400)) return;
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    case 3: {
      chat::SetRole body;
      body.conversation = group;
      body.account = somebody();
      body.role = static_cast<chat::MemberRole>(1 + random.below(3));
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    default: {
      chat::RenameGroup body;
      body.conversation = group;
      body.title = "title " + std::to_string(random.below(3));
      return call_chat(Op::Kind::kChat, std::move(body));
    }
  }
}

void SimClient::touch_message() {
  if (talks_.empty()) return;
  Random& random = world_.random;
  Talk& talk = talks_[random.below(talks_.size())];
  const auto some_seq = [&] { return static_cast<chat::Seq>(1 + random.below(talk.calls + 2)); };
  switch (random.below(5)) {
    case 0: {
      chat::EditMessage body;
      body.conversation = talk.id;
      body.seq = some_seq();
      body.body = "edited, @" + account_name_ + " and @" +
                  random.one_of(world_.clients())->account_name() + ".";
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    case 1: {
      chat::React body;
      body.conversation = talk.id;
      body.seq = some_seq();
      body.emoji = random.per_mille(500) ? "+1" : "-1";
      body.on = random.per_mille(700);
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    case 2: {
      chat::HideMessages body;
      body.conversation = talk.id;
      body.seqs = {some_seq(), some_seq()};
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    case 3: {
      chat::MarkDelivered body;
      body.conversations = {talk.id, talks_.front().id};
      body.seqs = {some_seq(), some_seq()};
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    default: {
      chat::SetDraft body;
      body.conversation = talk.id;
      if (random.per_mille(700)) body.body = "draft " + std::to_string(random.below(100));
      return call_chat(Op::Kind::kChat, std::move(body));
    }
  }
}

void SimClient::change_account() {
  Random& random = world_.random;
  switch (random.below(4)) {
    case 0: {
      chat::SetProfile body;
      body.display_name = "Client " + std::to_string(random.below(4));
      body.about = "about";
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    case 1: {
      chat::ChangePassword body;
      body.credential_version = password_version_;
      body.password_hash = "hash " + std::to_string(random.below(100));
      changed_password_ = true;
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    case 2: {
      // Only its extra accounts: to the other clients it goes on writing.
      if (extras_.empty()) return;
      chat::SetBlock body;
      body.account = extras_[random.below(extras_.size())].account;
      body.on = random.per_mille(600);
      return call_chat(Op::Kind::kChat, std::move(body));
    }
    default: {
      chat::EndSession body;
      body.session = extras_.empty() ? 1 : extras_.front().session;  // Not its own to end.
      if (body.session == 0) return;
      return call_chat(Op::Kind::kChat, std::move(body));
    }
  }
}

}  // namespace starling::sim
