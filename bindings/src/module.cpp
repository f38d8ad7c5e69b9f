// starling._core: the SDK as the Python package uses it. Arguments are checked by the package;
// nothing here is meant for others.
#include "bindings/src/handles.h"
#include "bindings/src/jobs.h"
#include "bindings/src/values.h"

PYBIND11_MODULE(_core, module) {
  using namespace starling::python;
  module.doc() = "The C++ side of starling. Use the starling package instead.";
  load_types();
  bind_client(module);
  bind_session(module);
  bind_events(module);
  bind_presence(module);
  module.def("after_fork", [] {
    after_fork();
    forget_jobs();
  });
  module.def("shut_down", &shut_down);
}
