#include "app/doctor_report.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace dossier::app {
namespace {

constexpr std::size_t listed_per_kind = 20;

std::string plural(std::int64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string line_of(const domain::finding& found) {
  if (found.file.value == 0) return fmt::format("  {}\n", found.key.value);
  return fmt::format("  {}  file {} of person {}\n", found.key.value, found.file.value, found.person.value);
}

std::string section(domain::finding_kind kind, const std::vector<const domain::finding*>& found) {
  std::string text =
      fmt::format("{} ({})\n  {}\n", domain::to_string(kind), found.size(), domain::what_to_do(kind));
  for (std::size_t i = 0; i < std::min(found.size(), listed_per_kind); ++i) text += line_of(*found[i]);
  if (found.size() > listed_per_kind) {
    text += fmt::format("  … and {} more; --json lists them\n", found.size() - listed_per_kind);
  }
  return text + "\n";
}

std::string text_of(const domain::store_report& one) {
  std::string text = fmt::format("{}{}{}\n", one.store, one.where.empty() ? "" : "  ", one.where);
  for (const auto level : {domain::severity::error, domain::severity::warning, domain::severity::note}) {
    for (const auto& found : one.findings) {
      if (found.level != level) continue;
      text += fmt::format("  {:<8} {}\n", domain::to_string(level), found.is);
      if (!found.to_do.empty()) text += fmt::format("           {}\n", found.to_do);
    }
  }
  if (one.findings.empty()) text += "  nothing wrong\n";
  return text;
}

boost::json::array json_of(const std::vector<domain::store_report>& stores) {
  boost::json::array all;
  for (const auto& one : stores) {
    boost::json::array findings;
    for (const auto& found : one.findings) {
      findings.push_back(boost::json::object{{"severity", domain::to_string(found.level)},
                                             {"what", found.what},
                                             {"is", found.is},
                                             {"to_do", found.to_do}});
    }
    all.push_back(boost::json::object{{"store", one.store},
                                      {"where", one.where},
                                      {"reached", one.reached},
                                      {"findings", std::move(findings)}});
  }
  return all;
}

}  // namespace

std::string to_text(const examination& found) {
  std::string text;
  for (const auto& one : found.stores) text += text_of(one);
  text += "\n";
  if (!found.compared) return text + fmt::format("The stores were not compared: {}\n", found.not_compared);
  return text + to_text(*found.compared);
}

std::string to_text(const domain::doctor_report& report) {
  std::map<domain::finding_kind, std::vector<const domain::finding*>> by_kind;
  for (const auto& found : report.findings) by_kind[found.kind].push_back(&found);
  std::string text;
  for (const auto& [kind, found] : by_kind) text += section(kind, found);

  text += fmt::format("Compared {} with {} and {}.\n", plural(report.files, "file", "files"),
                      plural(report.objects, "object", "objects"),
                      plural(report.items, "catalog item", "catalog items"));
  if (report.in_progress > 0) {
    text += fmt::format(
        "In progress: {}. What an upload that was cut off may have left is erased twice, the second time "
        "after a grace period (worker.erase_again_after); until then it counts here.\n",
        plural(report.in_progress, "upload or deletion", "uploads and deletions"));
  }
  for (const auto& name : report.strangers) text += fmt::format("Not ours, left alone: objects/{}\n", name);
  if (report.repaired > 0) text += fmt::format("Repaired: {}.\n", plural(report.repaired, "file", "files"));
  text += report.in_step()
              ? fmt::format("All three stores are in step: {}.\n", plural(report.files, "file", "files"))
              : fmt::format("The stores differ in {}.\n", plural(report.total_findings, "place", "places"));
  return text;
}

std::string to_json(const examination& found) {
  const auto report = found.compared.value_or(domain::doctor_report());
  boost::json::array findings;
  for (const auto& one : report.findings) {
    findings.push_back(boost::json::object{{"kind", domain::to_string(one.kind)},
                                           {"key", one.key.value},
                                           {"file", one.file.value},
                                           {"person", one.person.value},
                                           {"mendable", one.mendable},
                                           {"what_to_do", domain::what_to_do(one.kind)}});
  }
  boost::json::array strangers(report.strangers.begin(), report.strangers.end());
  return boost::json::serialize(boost::json::object{{"in_step", found.compared && report.in_step()},
                                                    {"files", report.files},
                                                    {"objects", report.objects},
                                                    {"items", report.items},
                                                    {"in_progress", report.in_progress},
                                                    {"repaired", report.repaired},
                                                    {"total_findings", report.total_findings},
                                                    {"strangers", std::move(strangers)},
                                                    {"findings", std::move(findings)},
                                                    {"compared", found.compared.has_value()},
                                                    {"not_compared", found.not_compared},
                                                    {"stores", json_of(found.stores)}}) +
         "\n";
}

}  // namespace dossier::app
