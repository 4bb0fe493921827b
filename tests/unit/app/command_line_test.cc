#include "app/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dossier::app {
namespace {

using ::testing::HasSubstr;

std::variant<command, exit_early> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "dossier");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

command parsed(std::vector<const char*> words) {
  auto line = parse(std::move(words));
  if (auto* early = std::get_if<exit_early>(&line)) {
    ADD_FAILURE() << early->text;
    return {};
  }
  return std::get<command>(std::move(line));
}

exit_early refused(std::vector<const char*> words) {
  auto line = parse(std::move(words));
  return std::holds_alternative<exit_early>(line) ? std::get<exit_early>(line) : exit_early{-1, "accepted"};
}

TEST(command_line, knows_every_command) {
  EXPECT_EQ(parsed({"serve"}).verb, verb::serve);
  EXPECT_EQ(parsed({"doctor"}).verb, verb::doctor);
  EXPECT_EQ(parsed({"gc"}).verb, verb::gc);
  EXPECT_EQ(parsed({"catalog", "rebuild"}).verb, verb::rebuild_catalog);
  EXPECT_EQ(parsed({"migrate"}).verb, verb::migrate);
  EXPECT_EQ(parsed({"import", "origin"}).verb, verb::import_origin);
  EXPECT_EQ(parsed({"config", "check"}).verb, verb::check_config);
  EXPECT_EQ(parsed({"version"}).verb, verb::version);
}

TEST(command_line, an_import_only_looks_until_it_is_told_to_apply) {
  EXPECT_FALSE(parsed({"import", "origin"}).apply);
  EXPECT_TRUE(parsed({"import", "origin", "--apply"}).apply);
  EXPECT_EQ(refused({"import", "origin", "--apply", "--dry-run"}).code, 2);
  EXPECT_EQ(refused({"serve", "--apply"}).code, 2);
}

TEST(command_line, where_an_origin_is_concerns_the_import_alone) {
  const auto line = parsed({"import", "origin", "--from-objects", "s3://their-files"});
  ASSERT_EQ(line.flags.size(), 1u);
  EXPECT_EQ(line.flags[0].name, "from.objects");
  EXPECT_EQ(refused({"serve", "--from-objects", "s3://their-files"}).code, 2);
  EXPECT_THAT(refused({"import", "origin", "--from-records-password", "secret"}).text,
              HasSubstr("takes a reference only"));
}

TEST(command_line, takes_settings_as_flags) {
  const auto line = parsed({"serve", "--listen", "127.0.0.1:9000", "--http-idle-time=5s", "--file-optional"});
  ASSERT_EQ(line.flags.size(), 3u);
  const auto has = [&](std::string_view name, std::string_view text, std::string_view origin) {
    return std::ranges::any_of(line.flags, [&](const given_value& flag) {
      return flag.name == name && flag.text == text && flag.origin == origin;
    });
  };
  EXPECT_TRUE(has("listen", "127.0.0.1:9000", "--listen"));
  EXPECT_TRUE(has("http.idle_time", "5s", "--http-idle-time"));
  EXPECT_TRUE(has("intake.file_required", "false", "--file-optional"));
}

TEST(command_line, takes_the_data_folder_for_every_command_that_reads_it) {
  for (const std::vector<const char*>& words :
       {std::vector{"serve"}, {"doctor"}, {"gc"}, {"catalog", "rebuild"}, {"migrate"}}) {
    auto with_data = words;
    with_data.insert(with_data.end(), {"--data", "/x"});
    const auto line = parsed(with_data);
    ASSERT_EQ(line.flags.size(), 1u);
    EXPECT_EQ(line.flags[0].text, "/x");
  }
}

TEST(command_line, takes_the_flags_of_each_command) {
  const auto doctor = parsed({"doctor", "--json", "--repair", "--read-bytes", "--config", "x.toml"});
  EXPECT_TRUE(doctor.json && doctor.repair && doctor.read_bytes);
  EXPECT_EQ(doctor.config_file, "x.toml");
  EXPECT_TRUE(parsed({"gc", "--dry-run"}).dry_run);
  EXPECT_TRUE(parsed({"migrate", "--dry-run"}).dry_run);
  EXPECT_FALSE(parsed({"gc"}).dry_run);
}

TEST(command_line, names_the_nearest_flag_for_an_unknown_one) {
  const auto early = refused({"serve", "--lisen", "127.0.0.1:1"});
  EXPECT_EQ(early.code, 2);
  EXPECT_THAT(early.text, HasSubstr("--lisen; did you mean --listen?"));
}

TEST(command_line, names_the_nearest_command_for_an_unknown_one_or_all) {
  EXPECT_THAT(refused({"sevre"}).text, HasSubstr("sevre; did you mean serve?"));
  EXPECT_THAT(refused({"docter", "--json"}).text, HasSubstr("docter; did you mean doctor?"));
  EXPECT_THAT(refused({"catalog", "rebild"}).text, HasSubstr("rebild; did you mean rebuild?"));
  const auto far = refused({"frob"});
  EXPECT_EQ(far.code, 2);
  EXPECT_THAT(far.text, HasSubstr("no command frob; there are serve, doctor, gc, catalog, adopt, migrate, "
                                  "import, user, audit, routes, config, version."));
}

TEST(command_line, without_a_command_or_with_an_unknown_one_is_refused) {
  EXPECT_EQ(refused({}).code, 2);
  EXPECT_EQ(refused({"sevre"}).code, 2);
  EXPECT_EQ(refused({"catalog"}).code, 2);
  EXPECT_EQ(refused({"doctor", "--listen", "127.0.0.1:1"}).code, 2);
}

TEST(command_line, helps_with_examples_and_defaults) {
  const auto help = refused({"--help"});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.text, HasSubstr("Examples:"));
  EXPECT_THAT(help.text, HasSubstr("dossier doctor"));
  const auto serve = refused({"serve", "--help"});
  EXPECT_EQ(serve.code, 0);
  EXPECT_THAT(serve.text, HasSubstr("--listen"));
  EXPECT_THAT(serve.text, HasSubstr("127.0.0.1:8080"));
}

TEST(command_line, takes_a_reference_to_a_password_but_no_password) {
  EXPECT_EQ(parsed({"serve", "--records-password", "ssm:db"}).flags.at(0).text, "ssm:db");
  const auto early = refused({"serve", "--records-password", "hunter2"});
  EXPECT_EQ(early.code, 2);
  EXPECT_THAT(early.text, HasSubstr("DOSSIER_RECORDS_PASSWORD"));
  EXPECT_THAT(early.text, testing::Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace dossier::app
