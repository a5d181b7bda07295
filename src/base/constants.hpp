#pragma once
// Physical constants (SI, exact by definition of 2019) and fixed conversions.

namespace platen::constants {

inline constexpr double avogadro = 6.02214076e23;           ///< 1/mol
inline constexpr double elementary_charge = 1.602176634e-19; ///< C
inline constexpr double F = avogadro * elementary_charge;    ///< Faraday constant, C/mol
inline constexpr double R = avogadro * 1.380649e-23;         ///< gas constant, J/(mol K)
inline constexpr double eps0 = 8.8541878128e-12;             ///< vacuum permittivity, F/m (CODATA 2018)
inline constexpr double g_n = 9.80665;                       ///< standard gravity, m/s2
inline constexpr double lbf = 0.45359237 * g_n;              ///< pound-force, N
inline constexpr double zero_celsius = 273.15;               ///< K
inline constexpr double T_ref = 298.15;                      ///< K, 25 degC: reference of every activation law

} // namespace platen::constants
