// A question that is worth asking once for any number of wishes: one is under way, and what is
// wished meanwhile is asked for by one more, since the first may have been read too early.
#pragma once

namespace starling_app {

class OneAtATime {
 public:
  // Whether to ask now.
  bool want() {
    if (under_way_) again_ = true;
    if (under_way_) return false;
    return under_way_ = true;
  }
  // The answer is here, well or not. Whether to ask once more.
  bool answered() {
    under_way_ = again_;
    again_ = false;
    return under_way_;
  }
  void reset() { under_way_ = again_ = false; }

 private:
  bool under_way_ = false;
  bool again_ = false;
};

}  // namespace starling_app
