// What of a text is words: the form that goes into the full-text index, and the way back from a hit
// to the bytes of the text. FTS5's unicode61 tokenizer does the rest: letters and digits are words,
// upper and lower case and accents count for nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace starling::search {

// Bytes of a text: from `begin` up to, not with, `end`.
struct Range {
  std::size_t begin = 0;
  std::size_t end = 0;
  friend bool operator==(const Range&, const Range&) = default;
};

// What FTS5's highlight() is to put around a hit; no index form has them.
inline constexpr std::string_view kHitBegin = "\x01";
inline constexpr std::string_view kHitEnd = "\x02";

// Valid UTF-8 in and out. Scripts that are written without spaces have each character stand alone,
// so that any part of a text is found; so has each emoji, in a disguise that the tokenizer takes
// for a letter.
std::string index_form(std::string_view text);

// Where the hits are in `text`, of which `marked` is the index form with marks; ascending, not
// touching. False when it is the form of another text.
bool hits_in(std::string_view text, std::string_view marked, std::vector<Range>& out);

// Whether the tokenizer will find a word in it.
bool has_words(std::string_view text);

}  // namespace starling::search
