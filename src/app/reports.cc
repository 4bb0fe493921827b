#include "app/reports.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "base/expects.h"
#include "base/sizes.h"

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

namespace json = boost::json;
using domain::file_obstacle;
using domain::person_obstacle;

constexpr std::size_t longest_shown = 60;  // bytes of a value

std::string_view explain(person_obstacle why) {
  switch (why) {
    case person_obstacle::wrong_details:
      return "left out, because of their details. Correct them at the origin and run this again.";
    case person_obstacle::number_taken:
      return "left out: somebody else has the number here.";
    case person_obstacle::changed:
      return "came over before. They have changed at the origin since, and stay here as they are.";
  }
  base::not_reached();
}

std::string_view explain(file_obstacle why) {
  switch (why) {
    case file_obstacle::no_item:
      return "nothing says who the author is.";
    case file_obstacle::unknown_author:
      return "nobody has the author's name.";
    case file_obstacle::several_people:
      return "several people have the author's name.";
    case file_obstacle::person_left_out:
      return "their person does not come over.";
    case file_obstacle::person_gone:
      return "their person came over before, and was deleted here.";
    case file_obstacle::too_large:
      return "larger than intake.file_size.";
    case file_obstacle::person_full:
      return "their person has as many files as intake.files_of_person allows.";
    case file_obstacle::vanished:
      return "the file or its person went away meanwhile. Run this again.";
  }
  base::not_reached();
}

// In quotes, and cut when it is long. Control characters become ?: they must not reach the terminal.
std::string in_quotes(std::string_view text) {
  std::string shown;
  std::size_t end = std::min(text.size(), longest_shown);
  while (end > 0 && end < text.size() && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  for (std::size_t i = 0; i < end; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool c1 = byte == 0xc2 && i + 1 < end && static_cast<unsigned char>(text[i + 1]) < 0xa0;
    if (c1) ++i;
    shown += c1 || byte < 0x20 || byte == 0x7f ? '?' : text[i];
  }
  return fmt::format("\"{}{}\"", shown, end < text.size() ? "…" : "");
}

std::string quoted_or_nothing(const std::optional<std::string>& text) {
  return text ? in_quotes(*text) : std::string("nothing");
}

std::string line_of(const domain::left_person& one) {
  std::string text = fmt::format("  no. {}", one.id);
  for (const auto& problem : one.problems) {
    text += fmt::format("  {} {}: {}.", problem.field, quoted_or_nothing(problem.given), problem.message);
  }
  return text + "\n";
}

std::string line_of(const domain::left_file& one) {
  std::string text = fmt::format("  {}  {}", in_quotes(one.object.key), base::human_size(one.object.size));
  if (one.author) text += fmt::format("  by {}", in_quotes(*one.author));
  if (!one.people.empty()) {
    const auto shown = std::min(one.people.size(), listed_per_kind);
    text += fmt::format("  no. {}", fmt::join(one.people.begin(), one.people.begin() + shown, ", "));
    if (shown < one.people.size()) text += ", …";
  }
  return text + "\n";
}

std::string line_of(const domain::origin_item& one) {
  return fmt::format("  {}  by {}\n", in_quotes(one.filename), quoted_or_nothing(one.author));
}

// The heading and a line for each row, up to a limit.
template <class Row>
std::string section(std::string heading, const std::vector<const Row*>& rows) {
  std::string text = std::move(heading);
  for (std::size_t i = 0; i < std::min(rows.size(), listed_per_kind); ++i) text += line_of(*rows[i]);
  if (rows.size() > listed_per_kind) {
    text += fmt::format("  … and {} more; --json lists them\n", rows.size() - listed_per_kind);
  }
  return text + "\n";
}

std::string section(domain::finding_kind kind, const std::vector<const domain::finding*>& found) {
  return section(
      fmt::format("{} ({})\n  {}\n", domain::to_string(kind), found.size(), domain::what_to_do(kind)), found);
}

template <class Row>
auto by_reason(const std::vector<Row>& rows) {
  std::map<decltype(Row::why), std::vector<const Row*>> sorted;
  for (const auto& one : rows) sorted[one.why].push_back(&one);
  return sorted;
}

std::string counted(std::string_view what, const domain::import_counts& counts, bool applied) {
  auto text = fmt::format("{}: {} at the origin, {} {}, {} before.", what, counts.seen, counts.imported,
                          applied ? "brought over" : "to bring over", counts.already);
  if (counts.deleted > 0)
    text +=
        fmt::format(" {} came over before and were deleted here: they do not come again.", counts.deleted);
  return text;
}

json::object counts_of(const domain::import_counts& counts) {
  return {{"seen", counts.seen}, {"imported", counts.imported}, {"already", counts.already}};
}

json::object counts_of_people(const domain::import_counts& counts) {
  auto all = counts_of(counts);
  all["deleted"] = counts.deleted;
  return all;
}

json::value value_of(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value(nullptr);
}

json::object to_object(const domain::left_person& one) {
  json::array problems;
  for (const auto& wrong : one.problems) {
    problems.push_back(
        json::object{{"field", wrong.field}, {"given", value_of(wrong.given)}, {"message", wrong.message}});
  }
  return {{"id", one.id}, {"why", domain::to_string(one.why)}, {"problems", std::move(problems)}};
}

json::object to_object(const domain::left_file& one) {
  return {{"key", one.object.key},
          {"size", one.object.size},
          {"author", value_of(one.author)},
          {"why", domain::to_string(one.why)},
          {"people", json::array(one.people.begin(), one.people.end())}};
}

json::object to_object(const domain::origin_item& one) {
  return {{"filename", one.filename}, {"author", value_of(one.author)}};
}

template <class Row>
json::array to_array(const std::vector<Row>& rows) {
  json::array all;
  for (const auto& one : rows) all.push_back(to_object(one));
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

std::string to_text(const domain::import_report& report) {
  std::string text;
  for (const auto& [why, rows] : by_reason(report.left_people)) {
    text += section(fmt::format("People ({}): {}\n", rows.size(), explain(why)), rows);
  }
  for (const auto& [why, rows] : by_reason(report.left_files)) {
    text +=
        section(fmt::format("Files that stay where they are ({}): {}\n", rows.size(), explain(why)), rows);
  }
  if (!report.left_items.empty()) {
    std::vector<const domain::origin_item*> rows;
    for (const auto& one : report.left_items) rows.push_back(&one);
    text += section(fmt::format("Descriptions of files that are not there ({}):\n", rows.size()), rows);
  }
  text += fmt::format("{}\n{} {}\n", counted("People", report.people, report.applied),
                      counted("Files", report.files, report.applied), base::human_size(report.bytes));
  if (report.other_objects > 0) {
    text += fmt::format("Other objects in the bucket, left alone: {}.\n", report.other_objects);
  }
  return text + (report.applied ? "At the origin nothing was changed.\n"
                                : "Nothing was changed. --apply brings it over.\n");
}

std::string to_json(const domain::import_report& report) {
  return json::serialize(json::object{{"applied", report.applied},
                                      {"complete", report.complete()},
                                      {"people", counts_of_people(report.people)},
                                      {"files", counts_of(report.files)},
                                      {"bytes", report.bytes},
                                      {"left_people", to_array(report.left_people)},
                                      {"left_files", to_array(report.left_files)},
                                      {"left_items", to_array(report.left_items)},
                                      {"other_objects", report.other_objects}}) +
         "\n";
}

std::string to_line(const domain::import_progress& progress) {
  return fmt::format("People {} of {}, files {} of {}, {}", progress.people, progress.people_total,
                     progress.files, progress.files_total, base::human_size(progress.bytes));
}

}  // namespace dossier::app
