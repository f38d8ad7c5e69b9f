// Jobs beside the GUI's thread: bounded, and never let go by the thread that gives them.
#include "qml-client/src/worker.h"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <memory>
#include <thread>

namespace starling_app {
namespace {

using namespace std::chrono_literals;

// Tells where it was let go, as the stream does whose end is waited for.
struct Held {
  explicit Held(std::promise<std::thread::id>& let_go) : let_go_(let_go) {}
  ~Held() { let_go_.set_value(std::this_thread::get_id()); }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  std::promise<std::thread::id>& let_go_;
};

TEST(AppWorker, AFullQueueTakesWhatEndsASession) {
  std::promise<void> open;
  std::promise<std::thread::id> let_go;
  std::future<std::thread::id> where = let_go.get_future();
  Worker worker;
  ASSERT_TRUE(worker.run([gate = open.get_future().share()] { (void)gate.wait_for(30s); }));
  std::size_t taken = 0;
  while (worker.run([] {})) ASSERT_LE(++taken, Worker::kMaxJobs + 1);
  worker.must_run([held = std::make_shared<Held>(let_go)]() mutable { held.reset(); });
  EXPECT_EQ(where.wait_for(0s), std::future_status::timeout);
  open.set_value();
  ASSERT_EQ(where.wait_for(30s), std::future_status::ready);
  EXPECT_NE(where.get(), std::this_thread::get_id());
}

}  // namespace
}  // namespace starling_app
