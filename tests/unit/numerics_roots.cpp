#include "numerics/interpolate.hpp"
#include "numerics/roots.hpp"

#include "base/error.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

using namespace platen::numerics;

namespace {
struct Case {
  const char* name;
  double (*f)(double);
  double (*slope)(double);
  double lower, upper, root;
};
const Case cases[] = {
    {"square", [](double x) { return x * x - 2; }, [](double x) { return 2 * x; }, 0, 2, 1.4142135623730951},
    {"descending", [](double x) { return 2 - x * x; }, [](double x) { return -2 * x; }, 0, 2, 1.4142135623730951},
    {"cosine", [](double x) { return std::cos(x) - x; }, [](double x) { return -std::sin(x) - 1; }, 0, 1,
     0.7390851332151607},
    {"Wallis", [](double x) { return x * x * x - 2 * x - 5; }, [](double x) { return 3 * x * x - 2; }, 2, 3,
     2.0945514815423265},
    {"flat", [](double x) { return std::pow(x - 1, 9); }, [](double x) { return 9 * std::pow(x - 1, 8); }, -3, 4.5, 1},
    {"sinh", [](double x) { return std::sinh(40 * x) - 1e6; }, [](double x) { return 40 * std::cosh(40 * x); }, -1, 5,
     std::asinh(1e6) / 40},
    {"at an end", [](double x) { return x; }, [](double) { return 1.0; }, 0, 3, 0},
};
} // namespace

TEST(Roots, KnownRoots) {
  for (const Case& c : cases) {
    const double width = std::string(c.name) == "flat" ? 1e-4 : 1e-12; // (x-1)^9 underflows its own noise near 1
    const auto brent = find_root(c.f, c.lower, c.upper, 1e-14);
    const auto newton = find_root_newton([&](double x) { return std::pair(c.f(x), c.slope(x)); }, c.lower, c.upper, 1e-14);
    ASSERT_TRUE(brent && newton) << c.name;
    EXPECT_NEAR(*brent, c.root, width) << c.name;
    EXPECT_NEAR(*newton, c.root, width) << c.name;
  }
}

TEST(Roots, NewtonSurvivesWrongSlopes) { // a wrong derivative costs steps, never the root
  for (const double wrong : {0.0, -3.0, 1e-300, std::nan("")})
    EXPECT_NEAR(find_root_newton([&](double x) { return std::pair(x * x - 2, wrong); }, 0.0, 2.0, 1e-12).value(),
                std::sqrt(2.0), 1e-11);
}

TEST(Roots, NoneWithoutAChangeOfSign) {
  EXPECT_FALSE(find_root([](double x) { return x * x + 1; }, -1.0, 1.0, 1e-9));
  EXPECT_FALSE(find_root([](double) { return std::nan(""); }, -1.0, 1.0, 1e-9));
  EXPECT_FALSE(find_root_newton([](double x) { return std::pair(x * x + 1, 2 * x); }, -1.0, 1.0, 1e-9));
}

TEST(Roots, SuperlinearOnSmoothFunctions) {
  int calls = 0;
  ASSERT_TRUE(find_root([&](double x) { return ++calls, std::exp(x) - 3; }, 0.0, 3.0, 1e-14));
  EXPECT_LT(calls, 16); // bisection alone needs 48
}

TEST(Interpolate, LinearInsideAndAsToldOutside) {
  const std::vector<double> x{0, 1, 3}, y{10, 20, 0};
  EXPECT_EQ(interpolate(x, y, 0.5, Outside::nan), 15.0);
  EXPECT_EQ(interpolate(x, y, 2.5, Outside::nan), 5.0);
  EXPECT_EQ(interpolate(x, y, 1.0, Outside::nan), 20.0);
  EXPECT_EQ(interpolate(x, y, 3.0, Outside::nan), 0.0);
  EXPECT_TRUE(std::isnan(interpolate(x, y, -0.1, Outside::nan)));
  EXPECT_EQ(interpolate(x, y, -0.1, Outside::hold), 10.0);
  EXPECT_EQ(interpolate(x, y, 99.0, Outside::hold), 0.0);
  EXPECT_TRUE(std::isnan(interpolate({}, {}, 1.0, Outside::hold)));
  EXPECT_THROW(interpolate(x, {}, 1.0, Outside::hold), platen::Error);
}
