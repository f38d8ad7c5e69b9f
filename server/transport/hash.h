// Secrets: Argon2id password hashes, session tokens and their hashes, through libsodium.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/chat/commands.h"

namespace starling::transport {

// The cost of one Argon2id hash. The defaults are libsodium's INTERACTIVE limits.
struct HashSettings {
  std::uint64_t operations = 2;
  std::size_t memory_bytes = 64u << 20;
};

// Must be called once before anything else here; false when libsodium cannot start.
bool init_secrets();

// The encoded Argon2id hash with its salt; empty when memory ran out.
std::string hash_password(std::string_view password, const HashSettings& settings);
bool verify_password(const std::string& hash, std::string_view password);
// A hash that matches no password: verified against when a name is unknown, so that the time taken
// does not tell.
std::string dummy_password_hash(const HashSettings& settings);

// 256 random bits, base64url without padding.
std::string make_token();
// False when the text has not the form of a token.
bool hash_token(std::string_view token, chat::TokenHash& out);

// A keyed 64-bit hash, the same on every server and in every version.
std::uint64_t fingerprint(std::string_view bytes);

}  // namespace starling::transport
