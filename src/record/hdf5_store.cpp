#include "record/hdf5_store.hpp"

#include <algorithm>
#include <hdf5.h>
#include <utility>

namespace platen::hdf5 {
namespace {

/// Keeps the library from printing while it lives; the library's error stack is one per thread.
class Silence {
public:
  Silence() {
    H5Eget_auto2(H5E_DEFAULT, &function_, &data_);
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  }
  ~Silence() { H5Eset_auto2(H5E_DEFAULT, function_, data_); }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

private:
  H5E_auto2_t function_ = nullptr;
  void* data_ = nullptr;
};

[[noreturn]] void fail(const std::string& doing) {
  std::string why;
  const auto first = [](unsigned n, const H5E_error2_t* error, void* out) -> herr_t {
    if (n == 0 && error->desc != nullptr) *static_cast<std::string*>(out) = error->desc;
    return 0;
  };
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, first, &why); // upward: the innermost cause comes first
  throw Fault(why.empty() ? doing : doing + ": " + why);
}

template <class T> T good(T result, const std::string& doing) {
  if (result < 0) fail(doing);
  return result;
}

/// Any identifier of the library, closed at the end of its scope.
class Scoped {
public:
  Scoped(hid_t id, herr_t (*close)(hid_t), const std::string& doing) : id_(good(id, doing)), close_(close) {}
  ~Scoped() { close_(id_); }
  Scoped(const Scoped&) = delete;
  Scoped& operator=(const Scoped&) = delete;
  operator hid_t() const { return id_; }

private:
  hid_t id_;
  herr_t (*close_)(hid_t);
};

Scoped text_type() {
  const hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return {type, H5Tclose, "make a text type"};
}

Scoped space_of(std::size_t n) {
  const hsize_t dims = n;
  return {H5Screate_simple(1, &dims, nullptr), H5Sclose, "describe an array"};
}

/// Times of creation are left out, so that equal records make equal files.
Scoped creation(std::size_t n) {
  constexpr hsize_t most_in_a_chunk = 1 << 14;
  constexpr unsigned level = 4; // beyond it the time grows much faster than the gain
  const hid_t list = H5Pcreate(H5P_DATASET_CREATE);
  good(H5Pset_obj_track_times(list, false), "prepare an array");
  if (n > 0) {
    const hsize_t chunk = std::min<hsize_t>(n, most_in_a_chunk);
    good(H5Pset_chunk(list, 1, &chunk), "prepare an array");
    good(H5Pset_shuffle(list), "prepare an array");
    good(H5Pset_deflate(list, level), "prepare an array");
  }
  return {list, H5Pclose, "prepare an array"};
}

hid_t create_array(hid_t parent, const std::string& name, hid_t stored, hid_t memory, const void* values, std::size_t n) {
  const Scoped space = space_of(n);
  const Scoped list = creation(n);
  const hid_t id = good(H5Dcreate2(parent, name.c_str(), stored, space, H5P_DEFAULT, list, H5P_DEFAULT), "create `" + name + "`");
  if (n > 0 && H5Dwrite(id, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
    H5Dclose(id);
    fail("write `" + name + "`");
  }
  return id;
}

std::size_t length(hid_t array) {
  const Scoped space(H5Dget_space(array), H5Sclose, "read the size of an array");
  if (H5Sget_simple_extent_ndims(space) != 1) throw Fault("an array does not have one dimension");
  hsize_t n = 0;
  good(H5Sget_simple_extent_dims(space, &n, nullptr), "read the size of an array");
  // Deflate shrinks by 1032 at most; a length beyond that was never written and must not become an allocation.
  constexpr hsize_t most_per_byte = 1032;
  if (n / most_per_byte > H5Dget_storage_size(array)) throw Fault("an array is longer than the file can hold");
  return static_cast<std::size_t>(n);
}

void need_class(hid_t array, H5T_class_t wanted) {
  const Scoped type(H5Dget_type(array), H5Tclose, "read the type of an array");
  if (H5Tget_class(type) != wanted) throw Fault("an array has another type of values than expected");
}

template <class T> std::vector<T> read_array(hid_t array, H5T_class_t wanted, hid_t memory) {
  need_class(array, wanted);
  std::vector<T> out(length(array));
  if (!out.empty()) good(H5Dread(array, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, out.data()), "read an array");
  return out;
}

} // namespace

Node::Node(Node&& other) noexcept : id_(std::exchange(other.id_, -1)) {}

Node& Node::operator=(Node&& other) noexcept {
  std::swap(id_, other.id_);
  return *this;
}

Node::~Node() {
  if (id_ < 0) return;
  const Silence silence;
  H5Idec_ref(id_);
}

Node Node::create_group(const std::string& name) const {
  const Silence silence;
  return Node(good(H5Gcreate2(id_, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), "create `" + name + "`"));
}

Node Node::create(const std::string& name, std::span<const double> values) const {
  const Silence silence;
  return Node(create_array(id_, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.data(), values.size()));
}

Node Node::create(const std::string& name, std::span<const std::int32_t> values) const {
  const Silence silence;
  return Node(create_array(id_, name, H5T_STD_I32LE, H5T_NATIVE_INT32, values.data(), values.size()));
}

Node Node::create(const std::string& name, std::span<const std::uint64_t> values) const {
  const Silence silence;
  return Node(create_array(id_, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, values.data(), values.size()));
}

Node Node::create(const std::string& name, std::span<const std::string> values) const {
  const Silence silence;
  std::vector<const char*> pointers;
  for (const std::string& value : values) pointers.push_back(value.c_str());
  const Scoped type = text_type();
  return Node(create_array(id_, name, type, type, pointers.data(), pointers.size()));
}

void Node::set_attribute(const std::string& name, const std::string& value) const {
  const Silence silence;
  const Scoped type = text_type();
  const Scoped space(H5Screate(H5S_SCALAR), H5Sclose, "describe an attribute");
  const Scoped attribute(H5Acreate2(id_, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "create `" + name + "`");
  const char* text = value.c_str();
  good(H5Awrite(attribute, type, &text), "write `" + name + "`");
}

void Node::set_attribute(const std::string& name, std::uint64_t value) const {
  const Silence silence;
  const Scoped space(H5Screate(H5S_SCALAR), H5Sclose, "describe an attribute");
  const Scoped attribute(H5Acreate2(id_, name.c_str(), H5T_STD_U64LE, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "create `" + name + "`");
  good(H5Awrite(attribute, H5T_NATIVE_UINT64, &value), "write `" + name + "`");
}

void Node::flush() const {
  const Silence silence;
  good(H5Fflush(id_, H5F_SCOPE_LOCAL), "write the file");
}

Node Node::open_group(const std::string& name) const {
  const Silence silence;
  return Node(good(H5Gopen2(id_, name.c_str(), H5P_DEFAULT), "open `" + name + "`"));
}

Node Node::open_array(const std::string& name) const {
  const Silence silence;
  return Node(good(H5Dopen2(id_, name.c_str(), H5P_DEFAULT), "open `" + name + "`"));
}

std::vector<std::string> Node::children() const {
  const Silence silence;
  std::vector<std::string> out;
  const auto each = [](hid_t, const char* name, const H5L_info_t*, void* names) -> herr_t {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
  };
  good(H5Literate(id_, H5_INDEX_NAME, H5_ITER_INC, nullptr, each, &out), "list a group");
  return out;
}

bool Node::is_integer() const {
  const Silence silence;
  const Scoped type(H5Dget_type(id_), H5Tclose, "read the type of an array");
  return H5Tget_class(type) == H5T_INTEGER;
}

std::vector<double> Node::doubles() const {
  const Silence silence;
  return read_array<double>(id_, H5T_FLOAT, H5T_NATIVE_DOUBLE);
}

std::vector<std::int32_t> Node::integers() const {
  const Silence silence;
  return read_array<std::int32_t>(id_, H5T_INTEGER, H5T_NATIVE_INT32);
}

std::vector<std::uint64_t> Node::counts() const {
  const Silence silence;
  return read_array<std::uint64_t>(id_, H5T_INTEGER, H5T_NATIVE_UINT64);
}

std::vector<std::string> Node::texts() const {
  const Silence silence;
  need_class(id_, H5T_STRING);
  const Scoped type = text_type();
  std::vector<char*> pointers(length(id_), nullptr);
  if (pointers.empty()) return {};
  good(H5Dread(id_, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "read texts");
  std::vector<std::string> out;
  for (const char* text : pointers) out.emplace_back(text != nullptr ? text : "");
  const Scoped space = space_of(pointers.size());
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
  return out;
}

std::string Node::text_attribute(const std::string& name) const {
  const Silence silence;
  const Scoped attribute(H5Aopen(id_, name.c_str(), H5P_DEFAULT), H5Aclose, "open `" + name + "`");
  const Scoped stored(H5Aget_type(attribute), H5Tclose, "read the type of `" + name + "`");
  const Scoped space(H5Aget_space(attribute), H5Sclose, "read the size of `" + name + "`");
  if (H5Tis_variable_str(stored) <= 0 || H5Sget_simple_extent_npoints(space) != 1) throw Fault("`" + name + "` is not a text");
  const Scoped type = text_type();
  char* text = nullptr;
  good(H5Aread(attribute, type, &text), "read `" + name + "`");
  std::string out(text != nullptr ? text : "");
  H5free_memory(text);
  return out;
}

std::uint64_t Node::count_attribute(const std::string& name) const {
  const Silence silence;
  const Scoped attribute(H5Aopen(id_, name.c_str(), H5P_DEFAULT), H5Aclose, "open `" + name + "`");
  const Scoped stored(H5Aget_type(attribute), H5Tclose, "read the type of `" + name + "`");
  const Scoped space(H5Aget_space(attribute), H5Sclose, "read the size of `" + name + "`");
  if (H5Tget_class(stored) != H5T_INTEGER || H5Sget_simple_extent_npoints(space) != 1) throw Fault("`" + name + "` is not a number");
  std::uint64_t value = 0;
  good(H5Aread(attribute, H5T_NATIVE_UINT64, &value), "read `" + name + "`");
  return value;
}

Node create_file(const std::filesystem::path& path, std::size_t reserved) {
  const Silence silence;
  const Scoped list(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "prepare a file");
  good(H5Pset_userblock(list, reserved), "prepare a file");
  const Scoped file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, list, H5P_DEFAULT), H5Fclose, "create a file");
  return Node(good(H5Gopen2(file, "/", H5P_DEFAULT), "open a file"));
}

Node open_file(const std::filesystem::path& path) {
  const Silence silence;
  const Scoped file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose, "open a file");
  return Node(good(H5Gopen2(file, "/", H5P_DEFAULT), "open a file"));
}

} // namespace platen::hdf5
