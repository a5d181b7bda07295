#pragma once
// A study between reading and use: what is stated, before what follows from it is worked out. Variants change it there.

#include "config/table.hpp"
#include "study/cell.hpp"
#include "study/pattern.hpp"
#include "study/study.hpp"

#include <string>
#include <vector>

namespace platen {

/// One sentence of the test, and what it says with the draft's own values.
struct DraftSentence {
  Pattern pattern;
  Pattern::Filled filled;
};

struct Draft {
  config::Document document;   ///< the tables below point into it
  Study study;                 ///< no test, nothing derived; `resolved` and `warnings` of what is stated
  config::Table cell;          ///< [cell]
  std::vector<Layer> layers;
  bool empty_fixture = false;  ///< no layers, and meant so
  std::string cathode;         ///< its card's own name
  std::vector<DraftSentence> sentences;
  Values values;
};

/// Reads all that is stated; faults are collected in the document. `stem` is the study's name where it states none.
Draft draft_of(config::Document document, const std::string& stem);

/// Works out cell and test of `study`, which starts as a copy of the draft's, and checks that they fit. Changes nothing of the
/// draft: may be called from several threads. Faults and warnings go to `diagnostics`.
void complete(const Draft& draft, const std::vector<Layer>& layers, const Values& values, Study& study, Diagnostics& diagnostics);

} // namespace platen
