// The public Session: search.
#include "sdk/src/session_ask.h"

namespace starling {
namespace {

constexpr std::size_t kMaxQueryBytes = 512;

sdk::Ask<SearchPage> search_ask(const std::string& token, const std::string& query,
                                const SearchOptions& search, const ReadOptions& options) {
  if (auto bad = sdk::check_text("query", query, kMaxQueryBytes, 1)) return *bad;
  if (auto bad = sdk::check_not_negative("conversation_id", search.conversation_id)) return *bad;
  v1::SearchRequest request;
  sdk::set_read(options, request.mutable_read());
  request.set_query(query);
  request.set_conversation_id(search.conversation_id);
  request.set_limit(search.limit);
  request.set_page(search.page);
  return sdk::ask<SearchPage>(
      &sdk::ChatAsync::Search, std::move(request), sdk::plan(token, options),
      [](v1::SearchResponse& answer) {
        return SearchPage{sdk::list_from_wire<SearchHit>(answer.hits()), answer.next_page()};
      });
}

}  // namespace

Result<SearchPage> Session::search(const std::string& query, const SearchOptions& search,
                                   const ReadOptions& options) {
  if (!impl_) return Impl::missing();
  return impl_->core->wait(search_ask(impl_->token, query, search, options));
}
Call Session::search_async(const std::string& query, const SearchOptions& search,
                           Done<SearchPage> done, const ReadOptions& options) {
  if (!impl_) return done(Impl::missing()), Call();
  return Call::Impl::make(
      impl_->core->start(search_ask(impl_->token, query, search, options), std::move(done)));
}

}  // namespace starling
