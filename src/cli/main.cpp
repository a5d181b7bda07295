#include "base/memory.hpp"
#include "cli/program.hpp"

int main(int argc, char** argv) {
  platen::keep_freed_memory();
  return platen::cli::run({argv + 1, argv + argc});
}
