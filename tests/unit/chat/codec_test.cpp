// Commands and outcomes go through bytes and back; damaged bytes give nothing and harm nothing.
#include <random>
#include <set>

#include "server/chat/utf8.h"
#include "server/chat/wildcard.h"
#include "tests/unit/chat/world.h"

namespace starling::chat {
namespace {

std::vector<Command> samples() {
  const RequestKey key{request(0x0123456789abcdef), kStart, 0xfedcba9876543210};
  const Actor actor{77, 78};
  return {CreateAccount{key, "ada", "Ada \xc3\x84", "$argon2id$x"},
          LogIn{5, 3, token(99), "phone"},
          LogOut{actor},
          DeleteAccount{key, actor, 4},
          OpenDirect{key, actor, 6},
          Send{key, actor, 7, std::string("a\0b", 3), std::nullopt, 0},
          Send{key, actor, 7, std::string(kMaxBodyBytes, 'z'), request(12), 4},
          MarkRead{actor, 7, 42},
          DeleteMessages{key, actor, 7, {1, 2, -3}},
          DeleteMessages{key, actor, 7, {}},
          Void{actor, request(9)},
          CreateGroup{key, actor, "title", {5, 6}},
          AddMembers{key, actor, 7, {8}},
          RemoveMember{key, actor, 7, 8},
          SetRole{key, actor, 7, 8, MemberRole::kAdmin},
          RenameGroup{key, actor, 7, "other"},
          DissolveGroup{key, actor, 7},
          EditMessage{key, actor, 7, 3, "better"},
          React{key, actor, 7, 3, "+1", false},
          HideMessages{actor, 7, {3, 4}},
          MarkDelivered{actor, {7, 9}, {3, 4}},
          SetDraft{key, actor, 7, "half a sent", 3},
          SetProfile{key, actor, "Ada", "about her"},
          ChangePassword{key, actor, 4, "$argon2id$y"},
          EndSession{actor, 79},
          SetBlock{key, actor, 8, true}};
}

TEST(Codec, EveryKindHasASample) {
  std::set<std::size_t> kinds;
  for (const Command& command : samples()) kinds.insert(command.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<Command>);
}

TEST(Codec, CommandsComeBackAsTheyWere) {
  for (const Command& command : samples()) {
    const std::string data = encode(command);
    const std::optional<Command> back = decode_command(data);
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->index(), command.index());
    EXPECT_EQ(encode(*back), data);
  }
  const Send sent = std::get<Send>(*decode_command(encode(samples()[6])));
  EXPECT_EQ(sent.body.size(), kMaxBodyBytes);
  EXPECT_EQ(sent.after, request(12));
  EXPECT_EQ(sent.reply_to, 4);
  EXPECT_EQ(sent.actor.session, 78);
  EXPECT_EQ(sent.key.fingerprint, 0xfedcba9876543210);
  EXPECT_EQ(std::get<DeleteMessages>(*decode_command(encode(samples()[8]))).seqs,
            (std::vector<Seq>{1, 2, -3}));
}

TEST(Codec, EveryTruncationAndEveryExtensionIsRefused) {
  for (const Command& command : samples()) {
    const std::string data = encode(command);
    for (std::size_t size = 0; size < data.size(); size += size < 300 ? 1 : 97) {
      EXPECT_FALSE(decode_command(std::string_view(data).substr(0, size)).has_value());
    }
    EXPECT_FALSE(decode_command(data + '\0').has_value());
  }
}

TEST(Codec, FlippedBitsNeverHarm) {
  std::mt19937_64 random(7);
  World world;
  const Person ada = world.person("ada");
  for (const Command& command : samples()) {
    const std::string data = encode(command);
    for (int i = 0; i < 400; ++i) {
      std::string damaged = data;
      const std::size_t within = std::min<std::size_t>(damaged.size(), 120);
      for (std::uint64_t flips = 1 + random() % 3; flips > 0; --flips) {
        damaged[random() % within] ^= static_cast<char>(1 << (random() % 8));
      }
      const std::optional<Command> decoded = decode_command(damaged);
      if (decoded.has_value()) {
        EXPECT_EQ(encode(*decoded), damaged);
      }
      world.apply_bytes(damaged);
    }
  }
  world.expect_hash_holds();
}

TEST(Codec, OutcomesComeBackWithoutTheReplayedMark) {
  Outcome outcome{Code::kNotFound, true, 1, 2, 3, 4, 5, 6, 7, "no such account"};
  const std::string data = encode(outcome);
  const std::optional<Outcome> back = decode_outcome(data);
  ASSERT_TRUE(back.has_value());
  EXPECT_FALSE(back->replayed);
  EXPECT_EQ(back->code, Code::kNotFound);
  EXPECT_EQ(back->count, 7);
  EXPECT_EQ(back->text, "no such account");
  for (std::size_t size = 0; size < data.size(); ++size) {
    EXPECT_FALSE(decode_outcome(std::string_view(data).substr(0, size)).has_value());
  }
  std::string damaged = data;
  damaged[1] = 120;
  EXPECT_FALSE(decode_outcome(damaged).has_value());
}

TEST(Text, Utf8) {
  const std::vector<std::string> good = {"",
                                         "plain ascii of some length",
                                         "\xc3\xa4",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x90\xa6",
                                         "\xed\x9f\xbf",
                                         "\xee\x80\x80",
                                         "\xf4\x8f\xbf\xbf",
                                         "12345678\xc3\xa4",
                                         "1234567\xc3\xa4 9"};
  for (const std::string& text : good) EXPECT_TRUE(is_valid_utf8(text)) << text;
  const std::vector<std::string> bad = {"\x80",
                                        "\xc3",
                                        "\xc0\xaf",
                                        "\xc1\xbf",
                                        "\xe0\x9f\xbf",
                                        "\xed\xa0\x80",
                                        "\xf0\x8f\xbf\xbf",
                                        "\xf4\x90\x80\x80",
                                        "\xf5\x80\x80\x80",
                                        "\xff",
                                        "\xe2\x82",
                                        "12345678\xff",
                                        "\xc3(",
                                        "\xe2\x28\xa1"};
  for (const std::string& text : bad) EXPECT_FALSE(is_valid_utf8(text));
}

TEST(Text, Names) {
  EXPECT_TRUE(is_valid_name("a"));
  EXPECT_TRUE(is_valid_name("ada.l_0-9"));
  EXPECT_TRUE(is_valid_name(std::string(32, 'x')));
  EXPECT_FALSE(is_valid_name(""));
  EXPECT_FALSE(is_valid_name(std::string(33, 'x')));
  EXPECT_FALSE(is_valid_name("Ada"));
  EXPECT_FALSE(is_valid_name("a b"));
  EXPECT_FALSE(is_valid_name("\xc3\xa4"));
}

TEST(Text, Wildcards) {
  EXPECT_TRUE(wildcard_match("*", ""));
  EXPECT_TRUE(wildcard_match("a*", "ada"));
  EXPECT_TRUE(wildcard_match("*da", "adada"));
  EXPECT_TRUE(wildcard_match("a?a", "ada"));
  EXPECT_TRUE(wildcard_match("*a*b*c", "xxaxxbxxc"));
  EXPECT_TRUE(wildcard_match("**", "x"));
  EXPECT_FALSE(wildcard_match("a?a", "aa"));
  EXPECT_FALSE(wildcard_match("a*b", "abc"));
  EXPECT_FALSE(wildcard_match("", "a"));
  EXPECT_FALSE(wildcard_match("[ab]", "a"));
  EXPECT_EQ(wildcard_prefix("ab*c"), "ab");
  EXPECT_EQ(wildcard_prefix("abc"), "abc");
  // As slow as it gets.
  EXPECT_FALSE(wildcard_match("*a*a*a*a*a*a*a*a*b", std::string(2'000, 'a')));
}

}  // namespace
}  // namespace starling::chat
