// See query_text.h.
#include "server/search/query_text.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "server/search/words.h"

namespace starling::search {
namespace {

constexpr chat::TimeMs kDayMs = 86'400'000;
constexpr std::size_t kShortestBeginning = 2;  // One letter begins too many words.

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

struct Token {
  std::string filter;  // Its name without the colon, or empty.
  std::string text;
  bool quoted = false;
  bool starred = false;  // A '*' follows.
  bool last = false;     // And nothing else, not even a space.
};

// Takes the next token off the front; false at the end.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  bool next(Token& out) {
    while (!text_.empty() && is_space(text_.front())) text_.remove_prefix(1);
    if (text_.empty()) return false;
    out = {};
    for (const std::string_view filter : {"from:", "in:", "before:", "after:"}) {
      if (!text_.starts_with(filter)) continue;
      out.filter = filter.substr(0, filter.size() - 1);
      text_.remove_prefix(filter.size());
      break;
    }
    if (!text_.empty() && text_.front() == '"') {
      take_quoted(out);
    } else {
      take_plain(out);
    }
    if (!text_.empty() && text_.front() == '*') {
      out.starred = true;
      while (!text_.empty() && text_.front() == '*') text_.remove_prefix(1);
    }
    out.last = text_.empty();
    return true;
  }

 private:
  // Up to the next quotation mark, or the end when there is none.
  void take_quoted(Token& out) {
    out.quoted = true;
    text_.remove_prefix(1);
    const std::size_t end = std::min(text_.find('"'), text_.size());
    out.text = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
  }
  void take_plain(Token& out) {
    std::size_t end = 0;
    while (end < text_.size() && !is_space(text_[end]) && text_[end] != '*' && text_[end] != '"') {
      ++end;
    }
    out.text = text_.substr(0, end);
    text_.remove_prefix(end);
  }

  std::string_view text_;
};

bool all_digits(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

int number(std::string_view digits) {
  int out = 0;
  for (const char c : digits) out = 10 * out + (c - '0');
  return out;
}

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in(int year, int month) {
  constexpr std::array kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return kDays[static_cast<std::size_t>(month - 1)] + (month == 2 && is_leap(year) ? 1 : 0);
}

// The first millisecond of a day of UTC, written as 2026-11-26.
std::optional<chat::TimeMs> parse_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  if (!all_digits(text.substr(0, 4)) || !all_digits(text.substr(5, 2)) ||
      !all_digits(text.substr(8, 2))) {
    return std::nullopt;
  }
  const int year = number(text.substr(0, 4));
  const int month = number(text.substr(5, 2));
  const int day = number(text.substr(8, 2));
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month)) {
    return std::nullopt;
  }
  chat::TimeMs days = day - 1;
  for (int y = 1970; y < year; ++y) days += is_leap(y) ? 366 : 365;
  for (int m = 1; m < month; ++m) days += days_in(year, m);
  return days * kDayMs;
}

// Only a name can have been meant.
std::string as_name(std::string text) {
  if (text.starts_with('@')) text.erase(0, 1);
  for (char& c : text) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  return text;
}

// As an FTS5 string. More than one word in it is a phrase.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : index_form(text)) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + "\"";
}

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

// The error, or an empty string.
std::string add_filter(const Token& token, QueryText& out) {
  if (token.text.empty()) return token.filter + ": needs something behind it";
  if (token.filter == "from") {
    out.from.push_back(as_name(token.text));
  } else if (token.filter == "in") {
    out.in.push_back(token.text);
  } else {
    const std::optional<chat::TimeMs> day = parse_day(token.text);
    if (!day.has_value()) return token.filter + ": wants a day, such as 2026-11-26";
    if (token.filter == "before") {
      out.until = std::min(*day, out.until.value_or(*day));
    } else {
      out.since = std::max(*day + kDayMs, out.since.value_or(0));
    }
  }
  return {};
}

void add_term(const Token& token, QueryText& out) {
  if (!out.expression.empty()) out.expression += " AND ";
  out.expression += quoted(token.text);
  const bool typing = token.last && !token.quoted;
  if (token.starred || (typing && characters(token.text) >= kShortestBeginning)) {
    out.expression += " *";
  }
}

QueryText refused(std::string error) {
  QueryText out;
  out.error = std::move(error);
  return out;
}

}  // namespace

QueryText parse_query(std::string_view text) {
  if (text.size() > kMaxQueryBytes) {
    return refused("a search has at most " + std::to_string(kMaxQueryBytes) + " bytes");
  }
  QueryText out;
  Scanner scanner(text);
  Token token;
  std::size_t terms = 0;
  while (scanner.next(token)) {
    if (++terms > kMaxTerms) {
      return refused("a search has at most " + std::to_string(kMaxTerms) + " words and filters");
    }
    if (!token.filter.empty()) {
      const std::string error = add_filter(token, out);
      if (!error.empty()) return refused(error);
    } else if (has_words(token.text)) {
      add_term(token, out);
    }
  }
  if (out.expression.empty() && out.from.empty() && out.in.empty() && !out.since && !out.until) {
    return refused("there is no word to search for");
  }
  return out;
}

}  // namespace starling::search
