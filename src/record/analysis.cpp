#include "record/analysis.hpp"

#include <algorithm>

namespace platen {

const std::vector<double>& Analysis::curve(std::string_view name) const {
  static const std::vector<double> nothing;
  const auto found = std::find_if(curves.begin(), curves.end(), [&](const AnalysisCurve& c) { return c.name == name; });
  return found != curves.end() ? found->values : nothing;
}

const AnalysisValue* Analysis::value(std::string_view name) const {
  const auto found = std::find_if(values.begin(), values.end(), [&](const AnalysisValue& v) { return v.name == name; });
  return found != values.end() ? &*found : nullptr;
}

std::string Analysis::setting(const std::string& name) const {
  const auto found = settings.find(name);
  return found != settings.end() ? found->second : std::string();
}

void keep(std::vector<Analysis>& all, Analysis analysis) {
  const auto same = std::find_if(all.begin(), all.end(), [&](const Analysis& a) {
    return a.kind == analysis.kind && a.spectrum == analysis.spectrum && a.method == analysis.method;
  });
  if (same != all.end())
    *same = std::move(analysis);
  else
    all.push_back(std::move(analysis));
}

const Analysis* find_analysis(const std::vector<Analysis>& all, std::string_view kind, std::size_t spectrum) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Analysis& a) { return a.kind == kind && a.spectrum == spectrum; });
  return found != all.end() ? &*found : nullptr;
}

} // namespace platen
