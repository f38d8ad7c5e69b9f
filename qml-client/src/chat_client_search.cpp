// Implements chat_client.h: searching.
#include "qml-client/src/answer.h"
#include "qml-client/src/chat_client.h"
#include "qml-client/src/format.h"

namespace starling_app {

void ChatClient::load_found(int question, const QString& query, bool here, const QString& page) {
  if (!session_) return;
  starling::SearchOptions options;
  options.conversation_id = here ? current_conversation() : 0;
  options.limit = SearchModel::kPage;
  options.page = page.toStdString();
  search_call_.cancel();  // Whose answer nobody waits for any more.
  search_call_ = session_->search_async(
      query.toStdString(), options,
      answer<starling::SearchPage>(
          QPointer<ChatClient>(this), generation_, [question](ChatClient& app, const auto& result) {
            if (!result.ok()) {
              return app.search_.apply_error(question, search_error(result.error()));
            }
            app.search_.apply_page(question, result.value());
          }));
}

}  // namespace starling_app
