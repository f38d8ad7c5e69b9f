// A target without libFuzzer: runs every file of its corpus, then a bounded number of mutations of
// them, the same ones each time. The input under way is kept in a file when the process ends on it.
// Usage: fuzz_replay_TARGET [--rounds N] [--seed S] FILE|DIRECTORY...
#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/keep_platform.h"

namespace {

constexpr std::size_t kLongest = 4096;

struct Arguments {
  std::uint64_t rounds = 0;
  std::uint64_t seed = 1;
  std::vector<std::string> paths;
};

bool parse(int count, char** words, Arguments& out) {
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const bool number = word == "--rounds" || word == "--seed";
    if (number && i + 1 == count) return false;
    if (number) {
      (word == "--rounds" ? out.rounds : out.seed) = std::strtoull(words[++i], nullptr, 10);
    } else {
      out.paths.push_back(word);
    }
  }
  return !out.paths.empty();
}

bool read_all(const std::vector<std::string>& paths, std::vector<std::string>& inputs) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (std::filesystem::is_directory(path)) {
      for (const auto& entry : std::filesystem::directory_iterator(path)) {
        files.push_back(entry.path().string());
      }
    } else {
      files.push_back(path);
    }
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      std::fprintf(stderr, "fuzz: %s cannot be read\n", file.c_str());
      return false;
    }
    inputs.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return true;
}

void run(const std::string& input) {
  starling::fuzz::keep(input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

class Mutator {
 public:
  Mutator(const std::vector<std::string>& inputs, std::uint64_t seed)
      : inputs_(inputs), random_(seed) {}

  std::string next() {
    std::string input = inputs_[below(inputs_.size())];
    for (std::uint64_t steps = 1 + below(4); steps > 0; --steps) change(input);
    input.resize(std::min(input.size(), kLongest));
    return input;
  }

 private:
  std::uint64_t below(std::uint64_t most) { return random_() % most; }

  void change(std::string& input) {
    static constexpr unsigned char kEdges[] = {0, 1, 0x7f, 0x80, 0xfe, 0xff};
    const std::size_t at = below(input.size() + 1);
    const std::size_t size = std::min<std::size_t>(1 + below(8), input.size() - at);
    switch (below(7)) {
      case 0:
        if (size > 0) input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
        break;
      case 1:
        if (size > 0) input[at] = static_cast<char>(kEdges[below(std::size(kEdges))]);
        break;
      case 2:
        if (size > 0) input[at] = static_cast<char>(input[at] + static_cast<int>(below(9)) - 4);
        break;
      case 3:
        input.insert(at, 1 + below(8), static_cast<char>(below(256)));
        break;
      case 4:
        input.erase(at, size);
        break;
      case 5:
        input.insert(at, input.substr(at, size));
        break;
      default: {
        // The beginning of this one and the end of another.
        const std::string& other = inputs_[below(inputs_.size())];
        input = input.substr(0, at) + other.substr(std::min(at, other.size()));
      }
    }
  }

  const std::vector<std::string>& inputs_;
  std::mt19937_64 random_;
};

}  // namespace

int main(int count, char** words) {
  Arguments arguments;
  if (!parse(count, words, arguments)) {
    std::fprintf(stderr, "usage: %s [--rounds N] [--seed S] FILE|DIRECTORY...\n", words[0]);
    return 2;
  }
  std::vector<std::string> inputs;
  if (!read_all(arguments.paths, inputs)) return 1;
  if (inputs.empty()) {
    std::fprintf(stderr, "fuzz: there is no input; tests/fuzz/corpus holds them\n");
    return 1;
  }
  const std::string name = std::filesystem::path(words[0]).filename().string();
  starling::fuzz::keep_on_a_crash(name);
  for (const std::string& input : inputs) run(input);
  Mutator mutator(inputs, arguments.seed);
  for (std::uint64_t i = 0; i < arguments.rounds; ++i) run(mutator.next());
  starling::fuzz::keep({});
  std::printf("%s: %zu inputs and %llu mutations of them hold\n", name.c_str(), inputs.size(),
              static_cast<unsigned long long>(arguments.rounds));
  return 0;
}
