#include "report/report.hpp"

#include "calibrate/left_out.hpp"
#include "record/suspicions.hpp"
#include "report/checklist.hpp"
#include "report/pressure.hpp"
#include "report/summary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace platen::report {
namespace {

using Json = nlohmann::ordered_json; // members stay in the order docs/formats/json.md lists them

/// The text of an answer. NaN and infinity come out as null; what is not UTF-8 must not make an answer fail.
std::string dump(const Json& answer) { return answer.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json finite(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json quantity(double value, std::string_view unit) { return {{"value", finite(value)}, {"unit", std::string(unit)}}; }

Json quantity(const std::optional<double>& value, std::string_view unit) {
  return value ? quantity(*value, unit) : Json(nullptr);
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json diagnostic(const Diagnostic& d) {
  const bool placed = d.place.has_value();
  return {{"severity", d.severity == Severity::error ? "error" : "warning"},
          {"code", d.code},
          {"message", d.message},
          {"file", placed ? text_or_null(d.place->file) : Json(nullptr)},
          {"line", placed && d.place->line > 0 ? Json(d.place->line) : Json(nullptr)},
          {"column", placed && d.place->column > 0 ? Json(d.place->column) : Json(nullptr)},
          {"hints", d.hints}};
}

Json diagnostics(const std::vector<Diagnostic>& all) {
  Json out = Json::array();
  for (const Diagnostic& d : all) out.push_back(diagnostic(d));
  return out;
}

Json cell_json(const CellInfo& cell) {
  Json out = {{"name", text_or_null(cell.name)},
              {"configuration", label(cell.configuration)},
              {"electrolyte", text_or_null(cell.electrolyte)},
              {"fixture", text_or_null(cell.fixture)},
              {"cathode", text_or_null(cell.cathode)}};
  for (const CellField& field : cell_fields())
    if (const auto& value = cell.*field.member)
      out[std::string(field.key)] = quantity(*value, field.dimension == dim::none ? "1" : si_unit(field.dimension));
  return out;
}

Json provenance_json(const Provenance& p) {
  Json sources = Json::array();
  for (const auto& s : p.sources) sources.push_back({{"path", s.path}, {"sha256", s.sha256}});
  return {{"origin", text_or_null(p.origin)},
          {"program", text_or_null(p.program)},
          {"format", text_or_null(p.format)},
          {"seed", p.seed != 0 ? Json(p.seed) : Json(nullptr)},
          {"sources", std::move(sources)}};
}

/// What was concluded from spectra and rows, as the record keeps it.
Json analyses_json(const std::vector<Analysis>& analyses) {
  Json out = Json::array();
  for (const Analysis& a : analyses) {
    Json values = Json::array(), curves = Json::array();
    for (const AnalysisValue& v : a.values)
      values.push_back({{"name", v.name},
                        {"value", finite(v.value)},
                        {"unit", v.unit},
                        {"standard_error", finite(v.error)},
                        {"low", finite(v.low)},
                        {"high", finite(v.high)},
                        {"note", text_or_null(v.note)}});
    for (const AnalysisCurve& c : a.curves) {
      Json points = Json::array();
      for (const double v : c.values) points.push_back(finite(v));
      curves.push_back({{"name", c.name}, {"unit", c.unit}, {"values", std::move(points)}});
    }
    out.push_back({{"kind", a.kind},
                   {"spectrum", a.spectrum > 0 ? Json(a.spectrum) : Json(nullptr)},
                   {"method", text_or_null(a.method)},
                   {"verdict", text_or_null(a.verdict)},
                   {"settings", a.settings},
                   {"values", std::move(values)},
                   {"curves", std::move(curves)}});
  }
  return out;
}

Json evidence_json(const std::vector<Evidence>& evidence) {
  Json out = Json::array();
  for (const Evidence& e : evidence)
    out.push_back({{"name", e.name},
                   {"figure", quantity(e.figure, e.unit)},
                   {"threshold", quantity(e.threshold, e.unit)},
                   {"error", std::isfinite(e.error) ? quantity(e.error, e.unit) : Json(nullptr)},
                   {"strength", finite(e.strength)},
                   {"weight", finite(e.weight)},
                   {"fired", e.fired},
                   {"time", e.fired ? quantity(e.time, "s") : Json(nullptr)},
                   {"reason", e.reason}});
  return out;
}

Json ccd_json(const std::optional<CriticalCurrentDensity>& ccd) {
  if (!ccd) return nullptr;
  return {{"last_passed", quantity(ccd->last_passed, "A/m2")},
          {"failing_step", quantity(ccd->failing_step, "A/m2")},
          {"lower_bound", !ccd->failing_step.has_value()},
          {"grid", quantity(ccd->grid, "A/m2")},
          {"capacity_per_half_cycle", quantity(ccd->capacity_per_half_cycle, "C/m2")}};
}

/// When something began; null for the end that is not known.
Json window_json(const std::optional<TimeWindow>& window) {
  if (!window) return nullptr;
  return {{"earliest", quantity(window->earliest, "s")}, {"latest", quantity(window->latest, "s")}};
}

Json overruled_json(const std::vector<Overruled>& overruled) {
  Json out = Json::array();
  for (const Overruled& o : overruled)
    out.push_back({{"half_cycle", o.half_cycle ? Json(*o.half_cycle + 1) : Json(nullptr)},
                   {"verdict", label(o.given)},
                   {"reason", o.reason},
                   {"program_verdict", label(o.program)},
                   {"program_reason", o.program_reason}});
  return out;
}

Json half_cycle_json(const HalfCycleAssessment& h, std::size_t number) {
  const HalfCycle& c = h.half_cycle;
  return {{"half_cycle", number},
          {"step", c.step + 1},
          {"direction", c.direction},
          {"start", quantity(c.start, "s")},
          {"end", quantity(c.end, "s")},
          {"current", quantity(c.current, "A")},
          {"charge", quantity(c.charge, "C")},
          {"mean_voltage", quantity(h.mean_voltage, "V")},
          {"end_voltage", quantity(h.end_voltage, "V")},
          {"asr", quantity(h.asr, "ohm m2")},
          {"resistance", quantity(h.resistance, "ohm")},
          {"noise", quantity(h.noise, "V")},
          {"score", finite(h.score)},
          {"verdict", label(h.verdict)},
          {"program_verdict", h.program_verdict ? Json(label(*h.program_verdict)) : Json(nullptr)},
          {"window", window_json(h.window)},
          {"decided_by", h.decided_by},
          {"evidence", evidence_json(h.evidence)}};
}

Json step_json(const StepAssessment& s, std::size_t number) {
  return {{"step", number},
          {"current_density", std::isfinite(s.current_density) ? quantity(s.current_density, "A/m2") : Json(nullptr)},
          {"current", quantity(s.current, "A")},
          {"half_cycles", s.half_cycles},
          {"asr", quantity(s.asr, "ohm m2")},
          {"resistance", quantity(s.resistance, "ohm")},
          {"offset", quantity(s.offset, "V")},
          {"failed", s.failed}};
}

/// The members of an assessment, after "schema".
void put_assessment(Json& out, const Assessment& a, const Record& record) {
  out["cell"] = cell_json(record.cell);
  out["verdict"] = label(a.verdict);
  out["reason"] = a.reason;
  out["ccd"] = ccd_json(a.ccd);
  out["ccd_refused"] = a.ccd ? Json(nullptr) : Json(a.ccd_refused);
  out["decided_by"] = a.decided_by;
  out["overruled"] = overruled_json(a.overruled);
  out["onset"] = quantity(a.onset, "s");
  out["window"] = window_json(a.window);
  out["onset_half_cycle"] = a.onset_half_cycle ? Json(*a.onset_half_cycle + 1) : Json(nullptr);
  out["onset_cycle"] = a.onset_cycle ? Json(*a.onset_cycle) : Json(nullptr);
  out["capacity_to_failure"] = quantity(a.capacity_to_failure, "C/m2");
  out["voltage_offset"] = a.voltage_offset_error ? quantity(a.voltage_offset, "V") : Json(nullptr);
  if (a.voltage_offset_error) out["voltage_offset"]["standard_error"] = finite(*a.voltage_offset_error);
  out["ionic_floor"] = quantity(a.ionic_floor, "ohm m2");
  out["evidence"] = evidence_json(a.evidence);
  out["steps"] = Json::array();
  for (std::size_t k = 0; k < a.steps.size(); ++k) out["steps"].push_back(step_json(a.steps[k], k + 1));
  out["half_cycles"] = Json::array();
  for (std::size_t k = 0; k < a.half_cycles.size(); ++k)
    out["half_cycles"].push_back(half_cycle_json(a.half_cycles[k], k + 1));
  out["pressure"] = Json::parse(pressure_object(a.pressure));
  out["analyses"] = analyses_json(record.analyses);
  out["merit"] = Json::parse(merit_object(a.merit));
  out["checklist"] = Json::parse(checklist_object(a.checklist));
  std::vector<Diagnostic> warnings = record.warnings;
  warnings.insert(warnings.end(), a.warnings.begin(), a.warnings.end());
  out["warnings"] = diagnostics(warnings);
  out["provenance"] = provenance_json(record.provenance);
}

Json count_json(const std::optional<std::size_t>& count) { return count ? Json(*count) : Json(nullptr); }

Json spectrum_json(const Spectrum& s) {
  const auto [low, high] = std::minmax_element(s.frequency.begin(), s.frequency.end());
  return {{"label", text_or_null(s.label)},
          {"points", s.size()},
          {"lowest_frequency", s.size() > 0 ? quantity(*low, "Hz") : Json(nullptr)},
          {"highest_frequency", s.size() > 0 ? quantity(*high, "Hz") : Json(nullptr)},
          {"start", quantity(s.start, "s")},
          {"cycle", s.cycle_count != 0 ? Json(s.cycle_count) : Json(nullptr)}};
}

Json channel_json(const ChannelSummary& channel) {
  const ColumnInfo* info = find_column(channel.column->name);
  return {{"name", channel.column->name},
          {"label", info != nullptr ? Json(info->bdf_name) : Json(nullptr)},
          {"unit", channel.column->unit},
          {"minimum", finite(channel.low)},
          {"maximum", finite(channel.high)},
          {"missing", channel.missing},
          {"description", channel.column->description}};
}

Json springs_json(const std::optional<Springs>& springs) {
  if (!springs) return nullptr;
  return {{"count", springs->count},
          {"rate", quantity(springs->rate, "N/m")},
          {"load_limit", quantity(springs->load_limit, "N")},
          {"travel", quantity(springs->travel, "m")}};
}

Json pressure_to_set_json(const PressureToSet& p) {
  Json each = nullptr;
  if (p.springs)
    each = {{"force", quantity(p.springs->force, "N")},
            {"compression", quantity(p.springs->compression, "m")},
            {"force_margin", quantity(p.springs->force_margin, "N")},
            {"travel_margin", quantity(p.springs->travel_margin, "m")}};
  return {{"sentence", p.sentence > 0 ? Json(p.sentence) : Json(nullptr)},
          {"what", p.what},
          {"pressure", quantity(p.pressure, "Pa")},
          {"force", quantity(p.force, "N")},
          {"each_spring", std::move(each)}};
}

Json stage_json(const Stage& s) {
  return {{"sentence", s.sentence},
          {"text", s.text},
          {"start", quantity(s.start, "s")},
          {"end", quantity(s.end, "s")},
          {"temperature", quantity(s.temperature, "K")},
          {"pressure", quantity(s.pressure, "Pa")},
          {"lowest_pressure", quantity(s.lowest_pressure, "Pa")},
          {"highest_pressure", quantity(s.highest_pressure, "Pa")}};
}

Json cycler_step_json(const CyclerStep& c, std::size_t number, double area) {
  const bool loop = c.mode == CyclerMode::loop;
  return {{"step", number},
          {"mode", label(c.mode)},
          {"sentence", c.sentence},
          {"current", quantity(c.current, "A")},
          {"current_density", c.current ? quantity(*c.current / area, "A/m2") : Json(nullptr)},
          {"voltage", quantity(c.voltage, "V")},
          {"until_voltage", quantity(c.until_voltage, "V")},
          {"until_current", quantity(c.until_current, "A")},
          {"until_capacity", quantity(c.until_capacity, "C")},
          {"duration", quantity(c.duration, "s")},
          {"back_to", loop ? Json(c.back_to) : Json(nullptr)},
          {"times", loop ? Json(c.times) : Json(nullptr)},
          {"note", text_or_null(c.note)}};
}

} // namespace

std::string json(const Assessment& assessment, const Record& record) {
  Json out = {{"schema", "platen.assess/1"}};
  put_assessment(out, assessment, record);
  return dump(out);
}

std::string json_simulate(const Assessment& assessment, const Record& record, const std::vector<Output>& outputs) {
  Json files = Json::array();
  for (const Output& o : outputs) files.push_back({{"kind", o.kind}, {"path", o.path}});
  Json out = {{"schema", "platen.simulate/1"}, {"outputs", std::move(files)}, {"rows", record.rows()}};
  put_assessment(out, assessment, record);
  return dump(out);
}

std::string json(const Study& study) {
  Json resolved = Json::array(), test = Json::array(), sources = Json::array();
  for (const config::Resolved& r : study.resolved)
    resolved.push_back({{"key", r.key},
                        {"text", r.text},
                        {"value", finite(r.si)},
                        {"unit", r.unit},
                        {"origin", r.origin},
                        {"basis", r.basis},
                        {"source", text_or_null(r.source)}});
  for (const Step& s : study.test) test.push_back(s.sentence);
  for (const auto& [path, text] : study.sources) sources.push_back(path);
  return dump({{"schema", "platen.validate/1"},
               {"name", text_or_null(study.name)},
               {"description", text_or_null(study.description)},
               {"parameter_set", study.parameter_set},
               {"test", std::move(test)},
               {"resolved", std::move(resolved)},
               {"files", std::move(sources)},
               {"warnings", diagnostics(study.warnings)}});
}

std::string json_inspect(const Record& record) {
  const Summary summary = summarise(record);
  Json channels = Json::array(), events = Json::array(), spectra = Json::array();
  for (const ChannelSummary& channel : summary.channels) channels.push_back(channel_json(channel));
  for (const Event& e : record.events)
    events.push_back({{"time", quantity(e.time, "s")}, {"kind", e.kind}, {"text", e.text}});
  for (const Spectrum& s : record.spectra) spectra.push_back(spectrum_json(s));
  return dump({{"schema", "platen.inspect/1"},
               {"format", text_or_null(record.provenance.format)},
               {"rows", record.rows()},
               {"duration", quantity(summary.duration, "s")},
               {"started", quantity(summary.started, "s since 1970-01-01 UTC")},
               {"channels", std::move(channels)},
               {"steps", count_json(summary.steps)},
               {"cycles", count_json(summary.cycles)},
               {"half_cycles", count_json(summary.half_cycles)},
               {"current_steps", count_json(summary.current_steps)},
               {"spectra", std::move(spectra)},
               {"analyses", analyses_json(record.analyses)},
               {"cell", cell_json(record.cell)},
               {"events", std::move(events)},
               {"metadata", record.metadata},
               {"warnings", diagnostics(record.warnings)},
               {"suspicions", diagnostics(suspicions(record))},
               {"rejects", record.rejects.size()},
               {"provenance", provenance_json(record.provenance)}});
}

namespace {

Json targets_json(const std::vector<TargetResult>& targets) {
  Json rows = Json::array();
  const auto value = [](const std::optional<double>& v, const std::string& word) {
    return !word.empty() ? Json(word) : v ? finite(*v) : Json(nullptr);
  };
  for (const TargetResult& r : targets) {
    const Target& t = r.target;
    rows.push_back({{"id", t.id},
                    {"figure", t.figure},
                    {"study", t.study},
                    {"quantity", t.quantity},
                    {"compare", t.compare},
                    {"value", value(r.platen, r.platen_text)},
                    {"paper", value(t.value, t.value_text)},
                    {"low", value(t.low, {})},
                    {"high", value(t.high, {})},
                    {"unit", t.unit},
                    {"basis", t.basis},
                    {"class", t.target_class},
                    {"verdict", label(r.verdict)},
                    {"fitted", r.fitted},
                    {"note", text_or_null(r.note)},
                    {"tried", text_or_null(r.tried)}});
  }
  return rows;
}

} // namespace

std::string json(const std::vector<TargetResult>& targets) {
  return dump({{"schema", "platen.targets/1"}, {"targets", targets_json(targets)}});
}

namespace {
Json left_out_json() {
  const calibrate::LeftOut& stored = calibrate::stored_left_out();
  const calibrate::LeftOutCount n = calibrate::count(stored);
  return {{"program", stored.program}, {"fitted_numbers", stored.numbers}, {"model_rows", n.rows}, {"model_met", n.hits}, {"rate_low", n.bounds.low}, {"rate_high", n.bounds.high}};
}
} // namespace

std::string json_reproduce(const std::vector<TargetResult>& targets, const std::vector<Diagnostic>& faults) {
  const TargetCounts n = count(targets);
  return dump({{"schema", "platen.reproduce/1"},
               {"publication", "ham2022"},
               {"rows", n.rows},
               {"met", n.met},
               {"missed", n.missed},
               {"not_evaluated", n.not_evaluated},
               {"model_rows", n.model},
               {"model_met", n.model_met},
               {"unfitted_model_rows", n.unfitted},
               {"unfitted_model_met", n.unfitted_met},
               {"fitted_numbers", n.fitted_numbers},
               {"left_out", left_out_json()},
               {"targets", targets_json(targets)},
               {"errors", diagnostics(faults)}});
}

std::string json(const BenchSheet& sheet) {
  Json pressures = Json::array(), stages = Json::array(), cycler = Json::array();
  for (const PressureToSet& p : sheet.pressures) pressures.push_back(pressure_to_set_json(p));
  for (const Stage& s : sheet.stages) stages.push_back(stage_json(s));
  for (std::size_t k = 0; k < sheet.cycler.size(); ++k) cycler.push_back(cycler_step_json(sheet.cycler[k], k + 1, sheet.area));
  return dump({{"schema", "platen.bench-sheet/1"},
               {"name", text_or_null(sheet.name)},
               {"description", text_or_null(sheet.description)},
               {"area", quantity(sheet.area, "m2")},
               {"springs", springs_json(sheet.springs)},
               {"electrolyte_mass", quantity(sheet.electrolyte_mass, "kg")},
               {"cathode_mass", quantity(sheet.cathode_mass, "kg")},
               {"capacity", quantity(sheet.capacity, "C")},
               {"pressures", std::move(pressures)},
               {"stages", std::move(stages)},
               {"cycler", std::move(cycler)},
               {"warnings", diagnostics(sheet.warnings)}});
}

std::string json(const std::vector<Diagnostic>& errors) {
  return dump({{"schema", "platen.error/1"}, {"errors", diagnostics(errors)}});
}

std::string json(std::string_view schema, const std::vector<Field>& fields) {
  Json out = {{"schema", std::string(schema)}};
  for (const Field& field : fields)
    out[field.name] = std::visit(
        []<class T>(const T& value) -> Json {
          if constexpr (std::is_same_v<T, std::monostate>) return nullptr;
          else if constexpr (std::is_same_v<T, Quantity>) return quantity(value.value, si_unit(value.dimension));
          else return value;
        },
        field.value);
  return dump(out);
}

} // namespace platen::report
