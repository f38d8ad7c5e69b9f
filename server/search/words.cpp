// See words.h.
#include "server/search/words.h"

#include <algorithm>
#include <array>

namespace starling::search {
namespace {

constexpr std::string_view kGap = "\xe2\x80\x8b";  // A zero-width space: no part of any word.

struct Block {
  char32_t first;
  char32_t last;
};

// Written without spaces between words, or with particles that hang on them.
constexpr std::array kUnspaced = {
    Block{0x0e00, 0x0eff},    // Thai, Lao
    Block{0x1000, 0x109f},    // Myanmar
    Block{0x1100, 0x11ff},    // Hangul jamo
    Block{0x1780, 0x17ff},    // Khmer
    Block{0x3005, 0x3007},    // Ideographic iteration mark and zero
    Block{0x3040, 0x31bf},    // Kana, Bopomofo, Hangul compatibility jamo
    Block{0x31f0, 0x31ff},    // Kana extensions
    Block{0x3400, 0x4dbf},    // Ideographs, extension A
    Block{0x4e00, 0x9fff},    // Ideographs
    Block{0xac00, 0xd7a3},    // Hangul syllables
    Block{0xf900, 0xfaff},    // Compatibility ideographs
    Block{0xff66, 0xff9f},    // Half-width kana
    Block{0x20000, 0x3ffff},  // Ideographs, extensions B and later
};

constexpr std::array kPictures = {
    Block{0x2190, 0x21ff},    // Arrows
    Block{0x2300, 0x23ff},    // Technical
    Block{0x25a0, 0x27bf},    // Shapes, symbols, dingbats
    Block{0x2900, 0x297f},    // More arrows
    Block{0x2b00, 0x2bff},    // And more
    Block{0x1f000, 0x1faff},  // Emoji
};

// Neither words nor parts of them, though their bytes are not ASCII.
constexpr std::array kSilent = {
    Block{0x0080, 0x00a9}, Block{0x00ab, 0x00b1}, Block{0x00b4, 0x00b4}, Block{0x00b6, 0x00b8},
    Block{0x00bb, 0x00bb}, Block{0x00bf, 0x00bf}, Block{0x2000, 0x206f}, Block{0x3000, 0x3004},
    Block{0x3008, 0x3020}, Block{0xfe00, 0xfe6f}, Block{0xff01, 0xff0f}, Block{0xfffd, 0xfffd},
};

template <std::size_t kSize>
bool is_in(const std::array<Block, kSize>& blocks, char32_t c) {
  return std::any_of(blocks.begin(), blocks.end(),
                     [c](const Block& block) { return c >= block.first && c <= block.last; });
}

// The character at `at`, which moves on behind it. Broken bytes are characters of their own.
char32_t next_character(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
  if (more == 0) return lead;
  char32_t c = lead & (0x3f >> more);
  for (int i = 0; i < more && at < text.size(); ++i) {
    c = (c << 6) | (static_cast<unsigned char>(text[at++]) & 0x3f);
  }
  return c;
}

// In the last private plane, which the tokenizer counts among the letters.
std::string disguise(char32_t c) {
  const char32_t hidden = 0xf0000 | (c & 0xffff);
  std::string out;
  out += static_cast<char>(0xf0 | (hidden >> 18));
  out += static_cast<char>(0x80 | ((hidden >> 12) & 0x3f));
  out += static_cast<char>(0x80 | ((hidden >> 6) & 0x3f));
  out += static_cast<char>(0x80 | (hidden & 0x3f));
  return out;
}

// One character's part of the index form: `core` between gaps or not.
struct Form {
  std::string_view gap;
  std::string core;
};

Form form_of(char32_t c, std::string_view bytes) {
  if (c < 0x20 || c == 0x7f) return {{}, " "};
  if (c < 0x80) return {{}, std::string(bytes)};
  if (is_in(kUnspaced, c)) return {kGap, std::string(bytes)};
  if (is_in(kPictures, c)) return {kGap, disguise(c)};
  return {{}, std::string(bytes)};
}

// Reads `marked` along the text's own form, and notes where the marks are.
class HitReader {
 public:
  HitReader(std::string_view marked, std::vector<Range>& out) : marked_(marked), out_(out) {}

  // The next bytes of the form; marks between them belong to the text's byte `place`.
  bool take(std::string_view form, std::size_t place) {
    for (const char c : form) {
      take_marks(place);
      if (marked_.empty() || marked_.front() != c) return false;
      marked_.remove_prefix(1);
    }
    return true;
  }
  bool finish(std::size_t end) {
    take_marks(end);
    return marked_.empty() && !open_;
  }

 private:
  void take_marks(std::size_t place) {
    for (;;) {
      if (marked_.starts_with(kHitBegin)) {
        marked_.remove_prefix(kHitBegin.size());
        begin_ = place;
        open_ = true;
      } else if (marked_.starts_with(kHitEnd)) {
        marked_.remove_prefix(kHitEnd.size());
        open_ = false;
        if (!out_.empty() && out_.back().end == begin_) {
          out_.back().end = place;
        } else {
          out_.push_back({begin_, place});
        }
      } else {
        return;
      }
    }
  }

  std::string_view marked_;
  std::vector<Range>& out_;
  std::size_t begin_ = 0;
  bool open_ = false;
};

}  // namespace

std::string index_form(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_character(text, at);
    const Form form = form_of(c, text.substr(begin, at - begin));
    out += form.gap;
    out += form.core;
    out += form.gap;
  }
  return out;
}

bool hits_in(std::string_view text, std::string_view marked, std::vector<Range>& out) {
  out.clear();
  HitReader reader(marked, out);
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const char32_t c = next_character(text, at);
    const Form form = form_of(c, text.substr(begin, at - begin));
    if (!reader.take(form.gap, begin) || !reader.take(form.core, begin)) return false;
    if (!reader.take(form.gap, at)) return false;
  }
  return reader.finish(text.size());
}

bool has_words(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const char32_t c = next_character(text, at);
    const bool ascii_word =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (ascii_word || (c >= 0x80 && !is_in(kSilent, c))) return true;
  }
  return false;
}

}  // namespace starling::search
