// Names are those of EC-Lab's text exports; codes and names beyond those seen in files follow the list of variables in
// "BT-Lab and EC-Lab OLE COM User manual" (BioLogic). Codes above 543 are those below 256 counted on from 768: EC-Lab 11.6x.
#include "import/biologic/columns.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <string_view>

namespace platen::biologic {
namespace {

struct Row {
  std::uint16_t code;
  std::string_view heading;
  Raw raw;
  bool seen;
};

constexpr std::array rows{std::to_array<Row>({
    {4, "time/s", Raw::f64, true}, {5, "control/V/mA", Raw::f32, true}, {6, "Ewe/V", Raw::f32, true},
    {7, "dq/mA.h", Raw::f64, true}, {8, "I/mA", Raw::f32, true}, {9, "Ece/V", Raw::f32, true},
    {10, "Aux/V", Raw::f32, false}, {11, "<I>/mA", Raw::f64, true}, {12, "log(|<I>/A|)", Raw::f32, false},
    {13, "(Q-Qo)/mA.h", Raw::f64, true}, {14, "x", Raw::f32, false}, {16, "Analog IN 1/V", Raw::f32, true},
    {17, "Analog IN 2/V", Raw::f32, true}, {18, "Analog IN 3/V", Raw::f32, false}, {19, "control/V", Raw::f32, true},
    {20, "control/mA", Raw::f32, true}, {22, "log(|I/A|)", Raw::f32, false}, {23, "dQ/mA.h", Raw::f64, true},
    {24, "cycle number", Raw::f64, true}, {25, "DQ/mA.h", Raw::f64, false}, {26, "Rapp/Ohm", Raw::f32, true},
    {27, "Ewe-Ece/V", Raw::f32, true}, {28, "control/\xC2\xB0""C", Raw::f32, false},
    {29, "T/\xC2\xB0""C", Raw::f32, false}, {30, "rotation rate/rpm", Raw::f32, false},
    {32, "freq/Hz", Raw::f32, true}, {33, "|Ewe|/V", Raw::f32, true}, {34, "|I|/A", Raw::f32, true},
    {35, "Phase(Z)/deg", Raw::f32, true}, {36, "|Z|/Ohm", Raw::f32, true}, {37, "Re(Z)/Ohm", Raw::f32, true},
    {38, "-Im(Z)/Ohm", Raw::f32, true}, {39, "I Range", Raw::u16, true}, {40, "Q charge/mA.h", Raw::f64, false},
    {41, "Q discharge/mA.h", Raw::f64, false}, {42, "Q charge/mA.h/g", Raw::f64, false},
    {43, "Q discharge/mA.h/g", Raw::f64, false}, {44, "Q anodic/C", Raw::f64, false},
    {45, "Q cathodic/C", Raw::f64, false}, {46, "Q anodic/C/cm2", Raw::f64, false},
    {47, "Q cathodic/C/cm2", Raw::f64, false}, {48, "Tech Num", Raw::u32, false}, {49, "End buf", Raw::u32, false},
    {50, "E0/V", Raw::f32, false}, {51, "Ian min/mA", Raw::f32, false}, {52, "Ian max/mA", Raw::f32, false},
    {53, "Ica min/mA", Raw::f32, false}, {54, "Ica max/mA", Raw::f32, false}, {55, "Ean end/V", Raw::f32, false},
    {56, "Eca end/V", Raw::f32, false}, {57, "Ece min/V", Raw::f32, false}, {58, "Ece max/V", Raw::f32, false},
    {59, "Analog IN 1 min/V", Raw::f32, false}, {60, "Analog IN 1 max/V", Raw::f32, false},
    {61, "Analog IN 2 min/V", Raw::f32, false}, {62, "Analog IN 2 max/V", Raw::f32, false},
    {63, "Analog IN 3 min/V", Raw::f32, false}, {64, "Analog IN 3 max/V", Raw::f32, false},
    {66, "I forward/mA", Raw::f32, false}, {67, "I reverse/mA", Raw::f32, false},
    {68, "I delta/\xC2\xB5""A", Raw::f32, false}, {69, "R/Ohm", Raw::f32, true}, {70, "P/W", Raw::f32, true},
    {71, "control/\xC2\xB0""C", Raw::f32, false}, {72, "T/\xC2\xB0""C", Raw::f32, false},
    {73, "rotation rate/rpm", Raw::f32, false}, {74, "|Energy|/W.h", Raw::f64, true},
    {75, "Analog OUT/V", Raw::f32, true}, {76, "<I>/mA", Raw::f32, true}, {77, "<Ewe>/V", Raw::f32, true},
    {78, "Cs-2/\xC2\xB5""F-2", Raw::f32, true}, {79, "E step/V", Raw::f32, false}, {80, "Rp/Ohm", Raw::f32, false},
    {81, "Ecorr/V", Raw::f32, false}, {82, "Icorr/mA", Raw::f32, false}, {83, "I/A/cm2", Raw::f32, false},
    {84, "Q/C/cm2", Raw::f32, false}, {85, "Aux", Raw::f32, false}, {96, "|Ece|/V", Raw::f32, true},
    {97, "|Ice|/A", Raw::f32, false}, {98, "Phase(Zce)/deg", Raw::f32, true}, {99, "|Zce|/Ohm", Raw::f32, true},
    {100, "Re(Zce)/Ohm", Raw::f32, true}, {101, "-Im(Zce)/Ohm", Raw::f32, true},
    {102, "Cce-2/\xC2\xB5""F-2", Raw::f32, false}, {103, "Estack/V", Raw::f32, false},
    {104, "Istack/A", Raw::f32, false}, {105, "|E21|/V", Raw::f32, false}, {106, "Phase(Z21)/deg", Raw::f32, false},
    {107, "|E32|/V", Raw::f32, false}, {108, "Phase(Z32)/deg", Raw::f32, false}, {109, "|Z21|/Ohm", Raw::f32, false},
    {110, "Re(Z21)/Ohm", Raw::f32, false}, {111, "-Im(Z21)/Ohm", Raw::f32, false},
    {112, "C21-2/\xC2\xB5""F-2", Raw::f32, false}, {113, "|Z32|/Ohm", Raw::f32, false},
    {114, "Re(Z32)/Ohm", Raw::f32, false}, {115, "-Im(Z32)/Ohm", Raw::f32, false},
    {116, "C32-2/\xC2\xB5""F-2", Raw::f32, false}, {117, "E21/V", Raw::f32, false}, {118, "E32/V", Raw::f32, false},
    {119, "Re(Y)/Ohm-1", Raw::f32, false}, {120, "Im(Y)/Ohm-1", Raw::f32, false}, {121, "|Y|/Ohm-1", Raw::f32, false},
    {122, "Phase(Y)/deg", Raw::f32, false}, {123, "Energy charge/W.h", Raw::f64, true},
    {124, "Energy discharge/W.h", Raw::f64, true}, {125, "Capacitance charge/\xC2\xB5""F", Raw::f64, true},
    {126, "Capacitance discharge/\xC2\xB5""F", Raw::f64, true}, {127, "Delta(Phase(Z))/%", Raw::f32, false},
    {128, "Delta(|Z|)/%", Raw::f32, false}, {129, "Delta(Re(Z))/%", Raw::f32, false},
    {130, "Delta(-Im(Z))/%", Raw::f32, false}, {131, "Ns", Raw::u16, true}, {132, "dI/dt/mA/s", Raw::f32, false},
    {133, "Delta(mass)/g", Raw::f32, false}, {154, "Delta(Phase(Y))/%", Raw::f32, false},
    {155, "Delta(|Y|)/%", Raw::f32, false}, {156, "Delta(Re(Y))/%", Raw::f32, false},
    {157, "Delta(-Im(Y))/%", Raw::f32, false}, {158, "t low", Raw::f32, false}, {159, "t high", Raw::f32, false},
    {160, "dt/dE/s/V", Raw::f32, false}, {161, "Delta(Phase(Z))/deg", Raw::f32, false},
    {162, "Delta(Phase(Y))/deg", Raw::f32, false}, {163, "|Estack|/V", Raw::f32, true},
    {164, "|Istack|/A", Raw::f32, false}, {167, "Phase(I)/rad", Raw::f32, false}, {168, "Rcmp/Ohm", Raw::f32, true},
    {169, "Cs/\xC2\xB5""F", Raw::f32, true}, {170, "sin ampl/V", Raw::f32, false},
    {171, "Conductivity/S.cm-1", Raw::f32, false}, {172, "Cp/\xC2\xB5""F", Raw::f32, true},
    {173, "Cp-2/\xC2\xB5""F-2", Raw::f32, true}, {174, "<Ewe>/V", Raw::f32, true},
    {175, "Efficiency/%", Raw::f64, false}, {176, "Cycling rate charge", Raw::f32, false},
    {177, "Cycling rate discharge", Raw::f32, false}, {178, "Wavelength/nm", Raw::f32, false},
    {179, "Fluorescence/V", Raw::f32, false}, {180, "Fluorescence/%", Raw::f32, false},
    {181, "Transmittance/%", Raw::f32, false}, {182, "CD/mdeg", Raw::f32, false}, {183, "ORD/mdeg", Raw::f32, false},
    {184, "Aniso Vv/V", Raw::f32, false}, {185, "Aniso Vh/V", Raw::f32, false}, {186, "LD Vv/V", Raw::f32, false},
    {187, "LD Vh/V", Raw::f32, false}, {188, "LD/deltaA", Raw::f32, false},
    {189, "Anisotropy/Aniso", Raw::f32, false}, {190, "T peltier/\xC2\xB0""C", Raw::f32, false},
    {191, "T cuvette/\xC2\xB0""C", Raw::f32, false}, {192, "Absorbance/AU", Raw::f32, false},
    {193, "HV/V", Raw::f32, false}, {194, "Absorbance2/AU", Raw::f32, false}, {195, "Absorbance/V", Raw::f32, false},
    {196, "If/mA", Raw::f32, false}, {197, "Ic/mA", Raw::f32, false}, {208, "shot number", Raw::u32, false},
    {209, "pad number", Raw::u32, false}, {210, "electrode number", Raw::u32, false},
    {421, "Phase2/deg", Raw::f32, false}, {422, "Phase(Zstack)/deg", Raw::f32, true},
    {423, "|Zstack|/Ohm", Raw::f32, true}, {424, "Re(Zstack)/Ohm", Raw::f32, true},
    {425, "-Im(Zstack)/Ohm", Raw::f32, true}, {426, "<Estack>/V", Raw::f32, true},
    {427, "<Istack>/mA", Raw::f32, false}, {428, "Potential/V", Raw::f32, false},
    {429, "Potential/V", Raw::f32, false}, {430, "Phase(Zwe-ce)/deg", Raw::f32, true},
    {431, "|Zwe-ce|/Ohm", Raw::f32, true}, {432, "Re(Zwe-ce)/Ohm", Raw::f32, true},
    {433, "-Im(Zwe-ce)/Ohm", Raw::f32, true}, {434, "(Q-Qo)/C", Raw::f32, true}, {435, "dQ/C", Raw::f32, true},
    {436, "Ece dc/V", Raw::f32, false}, {437, "cycle time/s", Raw::f64, false}, {438, "step time/s", Raw::f64, true},
    {439, "charge time/s", Raw::f64, false}, {440, "discharge time/s", Raw::f64, false},
    {441, "<Ece>/V", Raw::f32, true}, {442, "d(Q-Qo)/dE/mA.h/V", Raw::f64, false},
    {443, "Capacity/mA.h", Raw::f64, false}, {444, "control disk/V", Raw::f32, false},
    {445, "control disk/mA", Raw::f32, false}, {446, "Edisk/V", Raw::f32, false}, {447, "Ecedisk/V", Raw::f32, false},
    {448, "Idisk/mA", Raw::f32, false}, {449, "dQdisk/C", Raw::f64, false}, {450, "(Q-Qo)disk/C", Raw::f64, false},
    {451, "cycle number", Raw::u32, false}, {452, "control ring/V", Raw::f32, false},
    {453, "Ering/V", Raw::f32, false}, {454, "Iring/mA", Raw::f32, false}, {455, "(Q-Qo)ring/C", Raw::f64, false},
    {456, "Pdisk/W", Raw::f32, false}, {457, "Pring/W", Raw::f32, false}, {458, "Edisk-Ece/V", Raw::f32, false},
    {459, "Ering-Ece/V", Raw::f32, false}, {460, "<time>/s", Raw::f64, false}, {461, "<EweX>/V", Raw::f32, false},
    {462, "Temperature/\xC2\xB0""C", Raw::f32, true}, {463, "Ramp upwards", Raw::u8, false},
    {464, "Time/\xC2\xB5s", Raw::f32, false}, {465, "I Range disk", Raw::u16, false},
    {466, "I Range ring", Raw::u16, false}, {467, "Q charge/discharge/mA.h", Raw::f64, true},
    {468, "half cycle", Raw::u32, true}, {469, "z cycle", Raw::u32, true}, {470, "It/mA", Raw::f32, false},
    {471, "<Ece>/V", Raw::f32, true}, {472, "Vcorr/mm/yr", Raw::f32, false}, {473, "THD Ewe/%", Raw::f32, true},
    {474, "THD I/%", Raw::f32, true}, {475, "THD Ece/%", Raw::f32, false}, {476, "NSD Ewe/%", Raw::f32, true},
    {477, "NSD I/%", Raw::f32, true}, {478, "NSD Ece/%", Raw::f32, false}, {479, "NSR Ewe/%", Raw::f32, true},
    {480, "NSR I/%", Raw::f32, true}, {481, "NSR Ece/%", Raw::f32, false}, {482, "ShuntIsChanging", Raw::u8, false},
    {483, "ModeIsChanging", Raw::u8, false}, {484, "NbIterInstr", Raw::u32, false}, {485, "Instr", Raw::f32, false},
    {486, "|Ewe h2|/V", Raw::f32, true}, {487, "|Ewe h3|/V", Raw::f32, true}, {488, "|Ewe h4|/V", Raw::f32, true},
    {489, "|Ewe h5|/V", Raw::f32, true}, {490, "|Ewe h6|/V", Raw::f32, true}, {491, "|Ewe h7|/V", Raw::f32, true},
    {492, "|I h2|/A", Raw::f32, true}, {493, "|I h3|/A", Raw::f32, true}, {494, "|I h4|/A", Raw::f32, true},
    {495, "|I h5|/A", Raw::f32, true}, {496, "|I h6|/A", Raw::f32, true}, {497, "|I h7|/A", Raw::f32, true},
    {498, "|Ece h2|/V", Raw::f32, false}, {499, "|Ece h3|/V", Raw::f32, false}, {500, "|Ece h4|/V", Raw::f32, false},
    {501, "|Ece h5|/V", Raw::f32, false}, {502, "|Ece h6|/V", Raw::f32, false}, {503, "|Ece h7|/V", Raw::f32, false},
    {504, "Rac/Ohm", Raw::f32, false}, {505, "Rdc/Ohm", Raw::f32, true},
    {506, "TCU control/\xC2\xB0""C", Raw::f32, false}, {507, "TCU meas./\xC2\xB0""C", Raw::f32, false},
    {508, "Regulation", Raw::u8, false}, {509, "Acir/Dcir Control", Raw::u8, true}, {510, "LTime/s", Raw::f64, false},
    {511, "Re(C)/nF", Raw::f32, false}, {512, "Im(C)/nF", Raw::f32, false}, {513, "|C|/nF", Raw::f32, false},
    {514, "Phase(C)/deg", Raw::f32, false}, {515, "Re(M)", Raw::f32, false}, {516, "Im(M)", Raw::f32, false},
    {517, "|M|", Raw::f32, false}, {518, "Phase(M)/deg", Raw::f32, false}, {519, "Re(Permittivity)", Raw::f32, false},
    {520, "Im(Permittivity)", Raw::f32, false}, {521, "|Permittivity|", Raw::f32, false},
    {522, "Phase(Permittivity)/deg", Raw::f32, false}, {523, "Re(Conductivity)/mS/cm", Raw::f32, false},
    {524, "Im(Conductivity)/mS/cm", Raw::f32, false}, {525, "|Conductivity|/mS/cm", Raw::f32, false},
    {526, "Phase(Conductivity)/deg", Raw::f32, false}, {527, "Re(Resistivity)/Ohm.cm", Raw::f32, false},
    {528, "Im(Resistivity)/Ohm.cm", Raw::f32, false}, {529, "|Resistivity|/Ohm.cm", Raw::f32, false},
    {530, "Phase(Resistivity)/deg", Raw::f32, false}, {531, "Tan(Delta)", Raw::f32, false},
    {532, "Loss Angle(Delta)/deg", Raw::f32, false}, {533, "TCU base/\xC2\xB0""C", Raw::f32, false},
    {534, "TCU cell/\xC2\xB0""C", Raw::f32, false}, {535, "TCU sample/\xC2\xB0""C", Raw::f32, false},
    {536, "Ewe initial/V", Raw::f32, false}, {537, "Ewe final/V", Raw::f32, false},
    {538, "I initial/mA", Raw::f32, false}, {539, "I final/mA", Raw::f32, false}, {540, "P min/W", Raw::f32, false},
    {541, "P max/W", Raw::f32, false}, {542, "T min/\xC2\xB0""C", Raw::f32, false},
    {543, "T max/\xC2\xB0""C", Raw::f32, false}, {878, "Energy ce/W.h", Raw::f64, false},
    {880, "Energy we/W.h", Raw::f64, true}, {883, "Energy ce charge/W.h", Raw::f64, true},
    {884, "Energy ce discharge/W.h", Raw::f64, true},
})};

/// Thirty electrodes of a stack, or the sensors and formulas of a user.
struct Series {
  std::uint16_t first, last;
  std::string_view before, after;
  bool seen;
};
constexpr std::array series{
    Series{134, 153, "Custom ", "", false},       Series{198, 207, "Concentration ", "/mol.L-1", false},
    Series{211, 240, "E", "/V", false},           Series{241, 270, "|E", "|/V", false},
    Series{271, 300, "Phase(Z", ")/deg", true},   Series{301, 330, "|Z", "|/Ohm", true},
    Series{331, 360, "Re(Z", ")/Ohm", true},      Series{361, 390, "-Im(Z", ")/Ohm", true},
    Series{391, 420, "<E", ">/V", true},
};

constexpr std::array wide_rows{
    Row{498, "Q charge/mA.h", Raw::f64, true},  Row{499, "Q discharge/mA.h", Raw::f64, true},
    Row{500, "step time/s", Raw::f64, true},    Row{501, "Efficiency/%", Raw::f64, true},
    Row{502, "Capacity/mA.h", Raw::f64, true},
};

struct FlagRow {
  std::uint16_t code;
  FlagBits bits;
};
constexpr std::array flags{
    FlagRow{1, {"mode", 0x03, "1: current controlled, 2: voltage controlled, 3: at rest"}},
    FlagRow{2, {"ox_red", 0x04, "1: oxidation, 0: reduction"}},
    FlagRow{3, {"error", 0x08, "1: the instrument reported an error"}},
    FlagRow{21, {"control_changes", 0x10, "1: the controlled value changed"}},
    FlagRow{31, {"ns_changes", 0x20, "1: a sequence of the technique begins"}},
    FlagRow{65, {"counter_inc", 0x80, "1: the counter of loops went up"}},
};

template <std::size_t n> const Row* find_row(const std::array<Row, n>& table, std::uint16_t code) {
  const auto found = std::lower_bound(table.begin(), table.end(), code, [](const Row& r, std::uint16_t c) { return r.code < c; });
  return found != table.end() && found->code == code ? &*found : nullptr;
}

static_assert(std::is_sorted(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.code < b.code; }));

} // namespace

std::optional<ColumnCode> find_code(std::uint16_t code) {
  if (const Row* row = find_row(rows, code)) return ColumnCode{code, std::string(row->heading), row->raw, row->seen};
  for (const Series& s : series)
    if (code >= s.first && code <= s.last)
      return ColumnCode{code, fmt::format("{}{}{}", s.before, code - s.first + 1, s.after), Raw::f32, s.seen};
  return std::nullopt;
}

std::optional<ColumnCode> find_wide_code(std::uint16_t code) {
  const Row* row = find_row(wide_rows, code);
  return row != nullptr ? std::optional(ColumnCode{code, std::string(row->heading), row->raw, row->seen}) : std::nullopt;
}

const FlagBits* find_flag(std::uint16_t code) {
  const auto found = std::find_if(flags.begin(), flags.end(), [&](const FlagRow& f) { return f.code == code; });
  return found != flags.end() ? &found->bits : nullptr;
}

} // namespace platen::biologic
