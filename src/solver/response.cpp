#include "solver/response.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace platen::solver {
namespace {

/// A matrix row by row.
struct Square {
  std::span<double> values;
  std::size_t n;
  double& operator()(std::size_t row, std::size_t column) const { return values[row * n + column]; }
};

/// Scales the states by powers of two so that rows and columns are of like size (Parlett and Reinsch, Numer. Math. 13 (1969) 293).
void balance(Square A, std::span<double> b, std::span<double> c) {
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < A.n; ++i) {
      double row = 0.0, column = 0.0;
      for (std::size_t j = 0; j < A.n; ++j) {
        if (j == i) continue;
        row += std::abs(A(i, j));
        column += std::abs(A(j, i));
      }
      if (row == 0.0 || column == 0.0) continue;
      const double scale = std::exp2(std::round(0.5 * std::log2(row / column)));
      if (column * scale + row / scale >= 0.95 * (row + column)) continue;
      changed = true;
      for (std::size_t j = 0; j < A.n; ++j) {
        A(i, j) /= scale;
        A(j, i) *= scale;
      }
      b[i] /= scale;
      c[i] *= scale;
    }
  }
}

/// G = M^-1 and g = G b, by elimination with rows scaled to their largest entry; M and b are overwritten.
void invert(Square M, std::span<double> b, Square G) {
  const std::size_t n = M.n;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j) G(i, j) = i == j ? 1.0 : 0.0;
  const auto swap_rows = [&](std::size_t p, std::size_t q) {
    if (p == q) return;
    for (std::size_t j = 0; j < n; ++j) {
      std::swap(M(p, j), M(q, j));
      std::swap(G(p, j), G(q, j));
    }
    std::swap(b[p], b[q]);
  };
  for (std::size_t i = 0; i < n; ++i) {
    double largest = 0.0;
    for (std::size_t j = 0; j < n; ++j) largest = std::max(largest, std::abs(M(i, j)));
    if (largest == 0.0) continue;
    const double scale = std::exp2(-std::round(std::log2(largest)));
    for (std::size_t j = 0; j < n; ++j) {
      M(i, j) *= scale;
      G(i, j) *= scale;
    }
    b[i] *= scale;
  }
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      if (std::abs(M(i, k)) > std::abs(M(pivot, k))) pivot = i;
    swap_rows(k, pivot);
    for (std::size_t i = 0; i < n; ++i) {
      if (i == k || M(i, k) == 0.0) continue;
      const double share = M(i, k) / M(k, k);
      for (std::size_t j = k; j < n; ++j) M(i, j) -= share * M(k, j);
      for (std::size_t j = 0; j < n; ++j) G(i, j) -= share * G(k, j);
      b[i] -= share * b[k];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    const double inverse = 1.0 / M(i, i);
    for (std::size_t j = 0; j < n; ++j) G(i, j) *= inverse;
    b[i] *= inverse;
  }
}

/// H = Q^T G Q with nothing below the first line under the diagonal (Householder); b and c go along.
void reduce(Square G, std::span<double> b, std::span<double> c) {
  const std::size_t n = G.n;
  std::vector<double> v(n);
  for (std::size_t k = 0; k + 2 < n; ++k) {
    double norm = 0.0;
    for (std::size_t i = k + 1; i < n; ++i) norm += G(i, k) * G(i, k);
    norm = std::sqrt(norm);
    double below = 0.0;
    for (std::size_t i = k + 2; i < n; ++i) below = std::max(below, std::abs(G(i, k)));
    if (below == 0.0) continue;
    for (std::size_t i = k + 1; i < n; ++i) v[i] = G(i, k);
    v[k + 1] += std::copysign(norm, v[k + 1]);
    double square = 0.0;
    for (std::size_t i = k + 1; i < n; ++i) square += v[i] * v[i];
    const double two = 2.0 / square;
    const auto reflect = [&](auto at) {
      double sum = 0.0;
      for (std::size_t i = k + 1; i < n; ++i) sum += v[i] * at(i);
      sum *= two;
      for (std::size_t i = k + 1; i < n; ++i) at(i) -= sum * v[i];
    };
    for (std::size_t j = 0; j < n; ++j) reflect([&](std::size_t i) -> double& { return G(i, j); });
    for (std::size_t j = 0; j < n; ++j) reflect([&](std::size_t i) -> double& { return G(j, i); });
    reflect([&](std::size_t i) -> double& { return b[i]; });
    reflect([&](std::size_t i) -> double& { return c[i]; });
    for (std::size_t i = k + 2; i < n; ++i) G(i, k) = 0.0;
  }
}

/// Which states can be walked to from those marked, along non-zero entries: `step(from, to)` says whether there is one.
template <class Step> void spread(std::vector<char>& marked, Step step) {
  for (bool grown = true; grown;) {
    grown = false;
    for (std::size_t from = 0; from < marked.size(); ++from)
      for (std::size_t to = 0; marked[from] != 0 && to < marked.size(); ++to)
        if (marked[to] == 0 && step(from, to)) marked[to] = grown = true;
  }
}

} // namespace

Linearised linearise(System& system, double t, std::span<const double> y, const Port& port) {
  const std::size_t n = y.size();
  Linearised out{n, std::vector<double>(n * n), std::vector<double>(n), std::vector<double>(n), 0.0};
  std::vector<double> moved(y.begin(), y.end()), up(n), down(n);
  port.set(port.input);
  for (std::size_t j = 0; j < n; ++j) {
    const double step = 1e-6 * std::abs(y[j]) + 10.0 * system.absolute_tolerance(j);
    const double high = y[j] + step, low = y[j] - step, width = high - low;
    moved[j] = high;
    system.derivative(t, moved, up);
    const double above = port.output(t, moved);
    moved[j] = low;
    system.derivative(t, moved, down);
    out.c[j] = (above - port.output(t, moved)) / width;
    moved[j] = y[j];
    for (std::size_t i = 0; i < n; ++i) out.A[i * n + j] = (up[i] - down[i]) / width;
  }
  const double high = port.input + port.step, low = port.input - port.step;
  port.set(high);
  system.derivative(t, y, up);
  const double above = port.output(t, y);
  port.set(low);
  system.derivative(t, y, down);
  out.d = (above - port.output(t, y)) / (high - low);
  for (std::size_t i = 0; i < n; ++i) out.b[i] = (up[i] - down[i]) / (high - low);
  port.set(port.input);
  return out;
}

Linearised without_idle(const Linearised& system) {
  const std::size_t n = system.states;
  std::vector<char> reached(n), seen(n);
  for (std::size_t i = 0; i < n; ++i) {
    reached[i] = system.b[i] != 0.0;
    seen[i] = system.c[i] != 0.0;
  }
  spread(reached, [&](std::size_t from, std::size_t to) { return system.A[to * n + from] != 0.0; });
  spread(seen, [&](std::size_t from, std::size_t to) { return system.A[from * n + to] != 0.0; });
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < n; ++i)
    if (reached[i] != 0 && seen[i] != 0) kept.push_back(i);
  Linearised out{kept.size(), {}, {}, {}, system.d};
  for (const std::size_t i : kept) {
    out.b.push_back(system.b[i]);
    out.c.push_back(system.c[i]);
    for (const std::size_t j : kept) out.A.push_back(system.A[i * n + j]);
  }
  return out;
}

FrequencyResponse::FrequencyResponse(const Linearised& whole, double middle) : shift_(middle), d_(whole.d) {
  Linearised system = without_idle(whole);
  n_ = system.states;
  H_.resize(n_ * n_);
  real_.resize(n_ * n_);
  imaginary_.resize(n_ * n_);
  x_.resize(n_);
  balance({system.A, n_}, system.b, system.c);
  for (double& a : system.A) a = -a;
  for (std::size_t i = 0; i < n_; ++i) system.A[i * n_ + i] += shift_; // (I3)
  invert({system.A, n_}, system.b, {H_, n_});
  reduce({H_, n_}, system.b, system.c);
  g_ = std::move(system.b);
  c_ = std::move(system.c);
}

std::complex<double> FrequencyResponse::at(double omega) {
  // (I4): (1 + (s - s_0) H) x = g by elimination with a choice between neighbouring rows, then c x.
  const std::size_t n = n_;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i == 0 ? 0 : i - 1; j < n; ++j) {
      real_[i * n + j] = -shift_ * H_[i * n + j];
      imaginary_[i * n + j] = omega * H_[i * n + j];
    }
    real_[i * n + i] += 1.0;
    x_[i] = g_[i];
  }
  for (std::size_t k = 0; k + 1 < n; ++k) {
    double *__restrict ar = real_.data() + k * n, *__restrict ai = imaginary_.data() + k * n;
    double *__restrict br = ar + n, *__restrict bi = ai + n;
    if (std::abs(br[k]) + std::abs(bi[k]) > std::abs(ar[k]) + std::abs(ai[k])) {
      std::swap_ranges(ar + k, ar + n, br + k);
      std::swap_ranges(ai + k, ai + n, bi + k);
      std::swap(x_[k], x_[k + 1]);
    }
    const double size = ar[k] * ar[k] + ai[k] * ai[k];
    const double sr = (br[k] * ar[k] + bi[k] * ai[k]) / size, si = (bi[k] * ar[k] - br[k] * ai[k]) / size;
    for (std::size_t j = k + 1; j < n; ++j) {
      br[j] -= sr * ar[j] - si * ai[j];
      bi[j] -= sr * ai[j] + si * ar[j];
    }
    const double xr = x_[k].real(), xi = x_[k].imag();
    x_[k + 1] -= std::complex<double>(sr * xr - si * xi, sr * xi + si * xr);
  }
  double zr = d_, zi = 0.0;
  for (std::size_t i = n; i-- > 0;) {
    const double *ar = real_.data() + i * n, *ai = imaginary_.data() + i * n;
    double xr = x_[i].real(), xi = x_[i].imag();
    for (std::size_t j = i + 1; j < n; ++j) {
      const double yr = x_[j].real(), yi = x_[j].imag();
      xr -= ar[j] * yr - ai[j] * yi;
      xi -= ar[j] * yi + ai[j] * yr;
    }
    const double size = ar[i] * ar[i] + ai[i] * ai[i];
    x_[i] = {(xr * ar[i] + xi * ai[i]) / size, (xi * ar[i] - xr * ai[i]) / size};
    zr += c_[i] * x_[i].real();
    zi += c_[i] * x_[i].imag();
  }
  return {zr, zi};
}

} // namespace platen::solver
