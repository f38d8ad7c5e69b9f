// Implements server/transport/hash.h.
#include "server/transport/hash.h"

#include <sodium.h>

#include <array>
#include <cstring>

namespace starling::transport {

namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kHashBytes = 32;   // What libsodium puts into an Argon2id string.
constexpr std::size_t kTokenChars = 43;  // base64url of 32 bytes, unpadded.
// Part of the protocol: a retry may reach another server, which must compute the same.
constexpr std::array<unsigned char, crypto_shorthash_KEYBYTES> kFingerprintKey = {
    's', 't', 'a', 'r', 'l', 'i', 'n', 'g', ' ', 'r', 'e', 'q', 'u', 'e', 's', 't'};

}  // namespace

bool init_secrets() { return sodium_init() >= 0; }

std::string hash_password(std::string_view password, const HashSettings& settings) {
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str_alg(out.data(), password.data(), password.size(), settings.operations,
                            settings.memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return {};
  }
  return out.data();
}

bool verify_password(const std::string& hash, std::string_view password) {
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

// Nothing is hashed for it: a server's start would take the memory and the time of a log-in.
std::string dummy_password_hash(const HashSettings& settings) {
  std::array<unsigned char, crypto_pwhash_argon2id_SALTBYTES + kHashBytes> random{};
  randombytes_buf(random.data(), random.size());
  const auto base64 = [](const unsigned char* bytes, std::size_t size) {
    std::string text(sodium_base64_encoded_len(size, sodium_base64_VARIANT_ORIGINAL_NO_PADDING), 0);
    sodium_bin2base64(text.data(), text.size(), bytes, size,
                      sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
    text.pop_back();  // The zero that ends it.
    return text;
  };
  return "$argon2id$v=19$m=" + std::to_string(settings.memory_bytes / 1024) +
         ",t=" + std::to_string(settings.operations) + ",p=1$" +
         base64(random.data(), crypto_pwhash_argon2id_SALTBYTES) + "$" +
         base64(random.data() + crypto_pwhash_argon2id_SALTBYTES, kHashBytes);
}

std::string make_token() {
  std::array<unsigned char, kTokenBytes> random{};
  randombytes_buf(random.data(), random.size());
  std::array<char, kTokenChars + 1> text{};
  sodium_bin2base64(text.data(), text.size(), random.data(), random.size(),
                    sodium_base64_VARIANT_URLSAFE_NO_PADDING);
  return text.data();
}

bool hash_token(std::string_view token, chat::TokenHash& out) {
  if (token.size() != kTokenChars) return false;
  std::array<unsigned char, kTokenBytes> binary{};
  std::size_t length = 0;
  const char* end = nullptr;
  if (sodium_base642bin(binary.data(), binary.size(), token.data(), token.size(), nullptr, &length,
                        &end, sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      length != kTokenBytes || end != token.data() + token.size()) {
    return false;
  }
  return crypto_generichash(out.data(), out.size(), binary.data(), binary.size(), nullptr, 0) == 0;
}

std::uint64_t fingerprint(std::string_view bytes) {
  std::array<unsigned char, crypto_shorthash_BYTES> out{};
  crypto_shorthash(out.data(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
                   kFingerprintKey.data());
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < out.size(); ++i) value |= std::uint64_t{out[i]} << (8 * i);
  return value;
}

}  // namespace starling::transport
