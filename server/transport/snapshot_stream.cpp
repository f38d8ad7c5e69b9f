// FetchSnapshot: a copy of the state machine in chunks, for a server that lacks what has left the
// logs (DESIGN 4.4).
#include <algorithm>

#include "server/transport/peer_service.h"
#include "server/transport/pull_stream.h"

namespace starling::transport {

namespace {

constexpr std::chrono::seconds kLongestCopy{30};
constexpr std::size_t kChunkBytes = 256u << 10;

Failure failure_of(SnapshotError error) {
  switch (error) {
    case SnapshotError::kNone:
    case SnapshotError::kFailed:
      return store_failed("a copy of the chat store could not be made");
    case SnapshotError::kBehind:
    case SnapshotError::kTimeout:
      return lagging();
    case SnapshotError::kDraining:
      break;
  }
  return draining();
}

class SnapshotStream final : public PullStream {
 public:
  SnapshotStream(PeerService& service, grpc::CallbackServerContext* context)
      : PullStream(service.services(), context), service_(service) {}

  void start(const grpc::ByteBuffer* bytes) {
    if (!begin()) return;
    pb::FetchSnapshotRequest request;
    std::string field;
    Failure failure;
    if (!parse(*bytes, request, field)) {
      end(malformed(field));
    } else if (!service_.meant_for_us(request.cluster_id(), request.epoch(), request.from_id(),
                                      request.to_id(), failure)) {
      end(failure);
    } else if (!is_member(request.from_id())) {
      end(wrong_cluster("server " + std::to_string(request.from_id()) +
                        " is no member here: its id is no reason to give it everything"));
    } else {
      wanted_id_ = request.snapshot_id();
      offset_ = request.offset();
      services_.backend.open_snapshot(
          request.from_id(), request.at_least(), wanted_id_, deadline_of(*context_, kLongestCopy),
          [this, self = shared_from_this()](SnapshotError error, const SnapshotHeader& header) {
            opened(error, header);
          });
    }
  }

 private:
  bool is_member(core::NodeId id) const {
    const ServerList list = services_.backend.server_list();
    return std::any_of(list.servers.begin(), list.servers.end(),
                       [id](const ListedServer& server) { return server.id == id; });
  }

  void opened(SnapshotError error, const SnapshotHeader& header) {
    if (error != SnapshotError::kNone) {
      end(failure_of(error));
      return;
    }
    if (header.id != wanted_id_ || offset_ > header.size) offset_ = 0;
    id_ = header.id;
    size_ = header.size;
    pb::FetchSnapshotResponse response;
    pb::SnapshotHeader& to = *response.mutable_header();
    to.set_snapshot_id(header.id);
    to.set_index(header.index);
    to.set_term(header.term);
    to.set_stamp_ms(header.stamp_ms);
    to.set_configuration_index(header.configuration_index);
    to.set_configuration(header.configuration);
    to.set_state_hash(header.state_hash);
    to.set_size(header.size);
    response.set_offset(offset_);
    write(response);
  }

  void next() override {
    if (offset_ >= size_) {
      complete();
      return;
    }
    SnapshotChunk chunk;
    if (!services_.backend.read_snapshot(id_, offset_, kChunkBytes, chunk) || chunk.data.empty()) {
      end(store_failed("the copy of the chat store is gone"));
      return;
    }
    offset_ += chunk.data.size();
    pb::FetchSnapshotResponse response;
    response.set_offset(chunk.offset);
    response.set_data(std::move(chunk.data));
    response.set_checksum(chunk.checksum);
    write(response);
  }

  PeerService& service_;
  std::uint64_t wanted_id_ = 0;
  std::uint64_t id_ = 0;
  std::uint64_t offset_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* start_snapshot(PeerService& service,
                                                           grpc::CallbackServerContext* context,
                                                           const grpc::ByteBuffer* request) {
  const auto stream = std::make_shared<SnapshotStream>(service, context);
  stream->start(request);
  return stream.get();  // It holds itself until OnDone.
}

}  // namespace starling::transport
