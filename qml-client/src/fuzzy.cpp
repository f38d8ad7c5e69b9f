// See fuzzy.h.
#include "qml-client/src/fuzzy.h"

#include <algorithm>
#include <vector>

namespace starling_app {
namespace {

constexpr int kLetter = 10;
constexpr int kInARow = 12;
constexpr int kWord = 14;
constexpr int kWhole = 20;  // The first letter of all.
constexpr int kMaxGaps =
    8;  // Each letter that is passed over costs one, up to so many between two.
constexpr int kMaxLength = 20;  // What is longer is no worse.
constexpr qsizetype kMaxText = 128;

// Without case and accents: "É" is "e".
QString plain(const QString& text) {
  QString letters;
  for (const QChar c : text.left(kMaxText).normalized(QString::NormalizationForm_D)) {
    if (c.category() != QChar::Mark_NonSpacing) letters += c.toCaseFolded();
  }
  return letters;
}

bool begins_word(const QString& text, qsizetype at) {
  return at == 0 || !text.at(at - 1).isLetterOrNumber();
}

}  // namespace

// The best of all ways to find the letters: best[j] is for those typed so far, the last of them at
// j.
int fuzzy_score(const QString& typed, const QString& text) {
  const QString wanted = plain(typed.simplified()).remove(u' ');
  if (wanted.isEmpty()) return 0;
  const QString here = plain(text);
  const auto length = static_cast<std::size_t>(here.size());
  std::vector<int> best(length, -1);
  for (qsizetype letter = 0; letter < wanted.size(); ++letter) {
    std::vector<int> next(length, -1);
    for (std::size_t j = 0; j < length; ++j) {
      const auto at = static_cast<qsizetype>(j);
      if (here.at(at) != wanted.at(letter)) continue;
      const int own = kLetter + (begins_word(here, at) ? kWord : 0) + (at == 0 ? kWhole : 0);
      if (letter == 0) next[j] = own;
      for (std::size_t i = 0; i < j; ++i) {
        if (best[i] < 0) continue;
        const int passed = static_cast<int>(j - i) - 1;
        const int step = passed == 0 ? kInARow : -std::min(passed, kMaxGaps);
        next[j] = std::max(next[j], best[i] + step + own);
      }
    }
    best = std::move(next);
  }
  const int found = length == 0 ? -1 : *std::max_element(best.begin(), best.end());
  if (found < 0) return -1;
  return found + kMaxLength - std::min<int>(static_cast<int>(length), kMaxLength);
}

}  // namespace starling_app
