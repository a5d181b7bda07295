#include "import/text/chinese.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace platen::text {
namespace {

using Word = std::pair<std::string_view, std::string_view>;

constexpr std::array headings{
    Word{"数据序号", "datapoint"},
    Word{"记录序号", "datapoint"},
    Word{"循环号", "cycle index"},
    Word{"循环序号", "cycle index"},
    Word{"循环次数", "cycle number"},
    Word{"循环数", "cycle number"},
    Word{"循环", "cycle"},
    Word{"工步号", "step index"},
    Word{"工步", "step"},
    Word{"步次", "step"},
    Word{"工步序号", "step number"},
    Word{"工步计数", "step count"},
    Word{"工步类型", "step type"},
    Word{"工步名称", "step name"},
    Word{"步骤类型", "step type"},
    Word{"工作模式", "step name"},
    Word{"状态", "state"},
    Word{"时间", "time"},
    Word{"测试时间", "test time"},
    Word{"总时间", "total time"},
    Word{"累计时间", "cumulative time"},
    Word{"工步时间", "step time"},
    Word{"步骤时间", "step time"},
    Word{"相对时间", "relative time"},
    Word{"绝对时间", "absolute time"},
    Word{"系统时间", "system time"},
    Word{"日期时间", "date time"},
    Word{"日期", "date"},
    Word{"电流", "current"},
    Word{"电压", "voltage"},
    Word{"容量", "capacity"},
    Word{"比容量", "spec cap"},
    Word{"充电容量", "chg cap"},
    Word{"充电比容量", "chg spec cap"},
    Word{"放电容量", "dchg cap"},
    Word{"放电比容量", "dchg spec cap"},
    Word{"能量", "energy"},
    Word{"比能量", "spec energy"},
    Word{"充电能量", "chg energy"},
    Word{"充电比能量", "chg spec energy"},
    Word{"放电能量", "dchg energy"},
    Word{"放电比能量", "dchg spec energy"},
    Word{"净容量", "net capacity"},
    Word{"功率", "power"},
    Word{"接触电阻", "contact resistance"},
    Word{"内阻", "internal resistance"},
    Word{"温度", "temperature"},
    Word{"环境温度", "ambient temperature"},
    Word{"压力", "pressure"},
    Word{"充放电效率", "chg dchg eff"},
};

using Step = std::pair<std::string_view, StepType>;

constexpr std::array steps{
    Step{"搁置", StepType::rest},
    Step{"静置", StepType::rest},
    Step{"休眠", StepType::rest},
    Step{"开路", StepType::rest},
    Step{"开路电压", StepType::rest},
    Step{"恒流充电", StepType::cc_charge},
    Step{"恒流放电", StepType::cc_discharge},
    Step{"恒压充电", StepType::cv_charge},
    Step{"恒压放电", StepType::cv_discharge},
    Step{"恒流恒压充电", StepType::cccv_charge},
    Step{"恒流恒压放电", StepType::cccv_discharge},
    Step{"恒功率充电", StepType::cp_charge},
    Step{"恒功率放电", StepType::cp_discharge},
    Step{"恒功率恒压充电", StepType::cp_charge},
    Step{"恒功率恒压放电", StepType::cp_discharge},
    Step{"恒阻充电", StepType::cr_charge},
    Step{"恒阻放电", StepType::cr_discharge},
    Step{"充电", StepType::cc_charge},
    Step{"放电", StepType::cc_discharge},
    Step{"脉冲", StepType::pulse},
    Step{"工况模拟", StepType::simulation},
    Step{"模拟工况", StepType::simulation},
    Step{"控制", StepType::control},
    Step{"循环", StepType::control},
    Step{"暂停", StepType::pause},
    Step{"结束", StepType::end},
    Step{"停止", StepType::end},
};

constexpr std::array marks{Word{"（", "("}, Word{"）", ")"}, Word{"［", "["}, Word{"］", "]"}, Word{"／", "/"},
                           Word{"：", ":"}, Word{"，", ","}, Word{"　", " "}};

template <class Table> const auto* find(const Table& table, std::string_view word) {
  const auto* found = std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.first == word; });
  return found == table.end() ? nullptr : found;
}

} // namespace

std::string_view english_heading(std::string_view key) noexcept {
  const Word* found = find(headings, key);
  return found != nullptr ? found->second : std::string_view();
}

std::optional<StepType> chinese_step_type(std::string_view label) noexcept {
  const Step* found = find(steps, label);
  return found != nullptr ? std::optional(found->second) : std::nullopt;
}

std::string narrow_marks(std::string_view text) {
  std::string out(text);
  for (const auto& [wide, narrow] : marks)
    for (std::size_t at = 0; (at = out.find(wide, at)) != std::string::npos; at += narrow.size())
      out.replace(at, wide.size(), narrow);
  return out;
}

} // namespace platen::text
