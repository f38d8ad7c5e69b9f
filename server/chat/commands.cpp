// The stored form of commands: a version byte, the kind (its place in the variant, from 1), then
// the fields in the order in which the header declares them.
#include "server/chat/commands.h"

#include "server/chat/codec.h"

namespace starling::chat {
namespace {

constexpr std::uint8_t kVersion = 2;

// Every kind's fields are listed once, in visit(); these two walk that list.
class Encoder {
 public:
  void field(std::int64_t value) { out_.i64(value); }
  void field(std::uint64_t value) { out_.u64(value); }
  void field(bool value) { out_.u8(value ? 1 : 0); }
  void field(MemberRole value) { out_.u8(static_cast<std::uint8_t>(value)); }
  void field(const std::string& value) { out_.string(value); }
  template <std::size_t kSize>
  void field(const std::array<std::uint8_t, kSize>& value) {
    out_.bytes(value);
  }
  void field(const std::optional<RequestId>& value) {
    out_.u8(value.has_value() ? 1 : 0);
    if (value.has_value()) out_.bytes(*value);
  }
  void field(const std::vector<Seq>& values) {
    out_.u32(static_cast<std::uint32_t>(values.size()));
    for (const Seq value : values) out_.i64(value);
  }
  ByteWriter& out() { return out_; }

 private:
  ByteWriter out_;
};

class Decoder {
 public:
  explicit Decoder(ByteReader& in) : in_(in) {}
  void field(std::int64_t& value) { value = in_.i64(); }
  void field(std::uint64_t& value) { value = in_.u64(); }
  void field(bool& value) {
    const std::uint8_t byte = in_.u8();
    if (byte > 1) in_.fail();
    value = byte == 1;
  }
  void field(MemberRole& value) {
    const std::uint8_t byte = in_.u8();
    if (byte < 1 || byte > 3) in_.fail();
    value = static_cast<MemberRole>(byte);
  }
  void field(std::string& value) { value = in_.string(); }
  template <std::size_t kSize>
  void field(std::array<std::uint8_t, kSize>& value) {
    in_.bytes(value);
  }
  void field(std::optional<RequestId>& value) {
    const std::uint8_t present = in_.u8();
    if (present > 1) in_.fail();
    if (present == 1) in_.bytes(value.emplace());
  }
  void field(std::vector<Seq>& values) {
    const std::uint32_t count = in_.u32();
    // Checked before room is made: the count is not to be trusted.
    if (count > in_.left() / 8) return in_.fail();
    values.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i) values.push_back(in_.i64());
  }

 private:
  ByteReader& in_;
};

template <typename Coder, typename Key>
void visit_key(Coder& coder, Key& key) {
  coder.field(key.id);
  coder.field(key.as_of_ms);
  coder.field(key.fingerprint);
}

template <typename Coder, typename Who>
void visit_actor(Coder& coder, Who& actor) {
  coder.field(actor.account);
  coder.field(actor.session);
}

// T is the command type, const when it is encoded.
template <typename T, typename Kind>
inline constexpr bool kIs = std::is_same_v<std::remove_const_t<T>, Kind>;

// What comes behind the key and the actor.
template <typename Coder, typename T>
void visit_rest(Coder& coder, T& c) {
  if constexpr (kIs<T, CreateGroup>) {
    coder.field(c.title);
    coder.field(c.members);
  } else if constexpr (kIs<T, AddMembers>) {
    coder.field(c.conversation);
    coder.field(c.accounts);
  } else if constexpr (kIs<T, RemoveMember>) {
    coder.field(c.conversation);
    coder.field(c.account);
  } else if constexpr (kIs<T, SetRole>) {
    coder.field(c.conversation);
    coder.field(c.account);
    coder.field(c.role);
  } else if constexpr (kIs<T, RenameGroup>) {
    coder.field(c.conversation);
    coder.field(c.title);
  } else if constexpr (kIs<T, DissolveGroup>) {
    coder.field(c.conversation);
  } else if constexpr (kIs<T, EditMessage>) {
    coder.field(c.conversation);
    coder.field(c.seq);
    coder.field(c.body);
  } else if constexpr (kIs<T, React>) {
    coder.field(c.conversation);
    coder.field(c.seq);
    coder.field(c.emoji);
    coder.field(c.on);
  } else if constexpr (kIs<T, SetDraft>) {
    coder.field(c.conversation);
    coder.field(c.body);
    coder.field(c.reply_to);
  } else if constexpr (kIs<T, SetProfile>) {
    coder.field(c.display_name);
    coder.field(c.about);
  } else if constexpr (kIs<T, ChangePassword>) {
    coder.field(c.credential_version);
    coder.field(c.password_hash);
  } else {
    static_assert(kIs<T, SetBlock>);
    coder.field(c.account);
    coder.field(c.on);
  }
}

template <typename Coder, typename T>
void visit(Coder& coder, T& c) {
  if constexpr (kIs<T, CreateAccount>) {
    visit_key(coder, c.key);
    coder.field(c.name);
    coder.field(c.display_name);
    coder.field(c.password_hash);
  } else if constexpr (kIs<T, LogIn>) {
    coder.field(c.account);
    coder.field(c.credential_version);
    coder.field(c.token_hash);
    coder.field(c.device);
  } else if constexpr (kIs<T, LogOut>) {
    visit_actor(coder, c.actor);
  } else if constexpr (kIs<T, DeleteAccount>) {
    visit_key(coder, c.key);
    visit_actor(coder, c.actor);
    coder.field(c.credential_version);
  } else if constexpr (kIs<T, OpenDirect>) {
    visit_key(coder, c.key);
    visit_actor(coder, c.actor);
    coder.field(c.peer);
  } else if constexpr (kIs<T, Send>) {
    visit_key(coder, c.key);
    visit_actor(coder, c.actor);
    coder.field(c.conversation);
    coder.field(c.body);
    coder.field(c.after);
    coder.field(c.reply_to);
  } else if constexpr (kIs<T, MarkRead>) {
    visit_actor(coder, c.actor);
    coder.field(c.conversation);
    coder.field(c.seq);
  } else if constexpr (kIs<T, DeleteMessages>) {
    visit_key(coder, c.key);
    visit_actor(coder, c.actor);
    coder.field(c.conversation);
    coder.field(c.seqs);
  } else if constexpr (kIs<T, Void>) {
    visit_actor(coder, c.actor);
    coder.field(c.target);
  } else if constexpr (kIs<T, EndSession>) {
    visit_actor(coder, c.actor);
    coder.field(c.session);
  } else if constexpr (kIs<T, HideMessages>) {
    visit_actor(coder, c.actor);
    coder.field(c.conversation);
    coder.field(c.seqs);
  } else if constexpr (kIs<T, MarkDelivered>) {
    visit_actor(coder, c.actor);
    coder.field(c.conversations);
    coder.field(c.seqs);
  } else {
    visit_key(coder, c.key);
    visit_actor(coder, c.actor);
    visit_rest(coder, c);
  }
}

template <std::size_t kKind = 0>
std::optional<Command> decode_kind(std::size_t kind, ByteReader& in) {
  if constexpr (kKind < std::variant_size_v<Command>) {
    if (kind != kKind) return decode_kind<kKind + 1>(kind, in);
    std::variant_alternative_t<kKind, Command> command;
    Decoder decoder(in);
    visit(decoder, command);
    if (!in.finished()) return std::nullopt;
    return Command(std::move(command));
  } else {
    return std::nullopt;
  }
}

}  // namespace

std::string encode(const Command& command) {
  Encoder encoder;
  if (const Send* send = std::get_if<Send>(&command)) encoder.out().reserve(send->body.size() + 96);
  encoder.out().u8(kVersion);
  encoder.out().u8(static_cast<std::uint8_t>(command.index() + 1));
  std::visit([&encoder](const auto& c) { visit(encoder, c); }, command);
  return encoder.out().take();
}

std::optional<Command> decode_command(std::string_view data) {
  ByteReader in(data);
  if (in.u8() != kVersion) return std::nullopt;
  const std::uint8_t kind = in.u8();
  if (!in.ok() || kind == 0) return std::nullopt;
  return decode_kind(kind - 1U, in);
}

}  // namespace starling::chat
