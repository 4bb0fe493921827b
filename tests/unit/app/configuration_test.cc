#include "app/configuration.h"

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dossier::app {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string message_of(const base::error& error) {
  return error.message;
}

effective_value row_of(const configuration& effective, std::string_view name) {
  const auto found = std::ranges::find(effective.table, name, &effective_value::name);
  return found == effective.table.end() ? effective_value{} : *found;
}

base::result<configuration> resolve_layers(std::vector<std::vector<given_value>> layers) {
  const auto table = all_settings();
  return resolve(table, layers);
}

TEST(configuration, without_layers_is_all_defaults) {
  const auto effective = resolve_layers({}).value();
  EXPECT_EQ(effective.values.listen, "127.0.0.1:8080");
  EXPECT_EQ(effective.values.data, "./data");
  EXPECT_TRUE(effective.values.intake.file_required);
  EXPECT_EQ(effective.values.intake.file_bytes, 5ULL << 30);
  EXPECT_EQ(effective.values.intake.files, 20);
  for (const auto& row : effective.table) EXPECT_EQ(row.origin, "default") << row.name;
}

TEST(configuration, lets_flags_win_over_environment_over_file_over_defaults) {
  const std::vector<given_value> file = {{"data", "/file", "dossier.toml, line 1"},
                                         {"threads", "1", "dossier.toml, line 2"},
                                         {"drain_time", "1s", "dossier.toml, line 3"}};
  const std::vector<given_value> environment = {{"data", "/environment", "DOSSIER_DATA"},
                                                {"threads", "2", "DOSSIER_THREADS"}};
  const std::vector<given_value> flags = {{"data", "/flag", "--data"}};
  const auto effective = resolve_layers({file, environment, flags}).value();

  EXPECT_EQ(effective.values.data, "/flag");
  EXPECT_EQ(effective.values.server.threads, 2u);
  EXPECT_EQ(effective.values.drain_time, 1s);
  EXPECT_EQ(row_of(effective, "data").origin, "--data");
  EXPECT_EQ(row_of(effective, "threads").origin, "DOSSIER_THREADS");
  EXPECT_EQ(row_of(effective, "drain_time").origin, "dossier.toml, line 3");
  EXPECT_EQ(row_of(effective, "listen").origin, "default");
}

TEST(configuration, tells_every_wrong_value_with_its_place) {
  const auto effective = resolve_layers({{{"http.idle_time", "soon", "dossier.toml, line 4"},
                                          {"intake.files", "0", "DOSSIER_INTAKE_FILES"},
                                          {"https", "perhaps", "--https"},
                                          {"intake.file_size", "big", "--intake-file-size"},
                                          {"log.level", "loud", "--log-level"},
                                          {"listen", "8080", "--listen"}}});
  ASSERT_FALSE(effective);
  const auto text = message_of(effective.error());
  EXPECT_THAT(text, HasSubstr("dossier.toml, line 4: http.idle_time: \"soon\" is not a duration"));
  EXPECT_THAT(text,
              HasSubstr("DOSSIER_INTAKE_FILES: intake.files: \"0\" is not a whole number from 1 to 1000"));
  EXPECT_THAT(text, HasSubstr("--https: https: \"perhaps\" is not true or false"));
  EXPECT_THAT(text, HasSubstr("\"big\" is not a size"));
  EXPECT_THAT(text, HasSubstr("one of debug, info, warning, error, off"));
  EXPECT_THAT(text, HasSubstr("is not HOST:PORT"));
}

TEST(configuration, names_the_nearest_setting_for_an_unknown_key_of_the_file) {
  const auto effective = resolve_layers({{{"http.idel_time", "5s", "dossier.toml, line 2"}}});
  ASSERT_FALSE(effective);
  EXPECT_EQ(message_of(effective.error()),
            "dossier.toml, line 2: there is no setting http.idel_time; did you mean http.idle_time?");
}

TEST(configuration, hides_secrets_and_says_that_they_are_set) {
  setting secret;
  secret.name = "password";
  secret.secret = true;
  secret.assign = [](settings& to, std::string_view text) -> base::result<void> {
    if (text == "hunter1") return base::fail(base::error_code::invalid, "hunter1 is too short");
    to.data = std::string(text);
    return {};
  };
  secret.show = [](const settings& from) {
    return from.data;
  };
  const std::vector<setting> table = {secret};

  const std::vector<std::vector<given_value>> layers = {{{"password", "hunter2", "DOSSIER_PASSWORD"}}};
  const auto effective = resolve(table, layers).value();
  EXPECT_EQ(effective.values.data, "hunter2");
  EXPECT_EQ(row_of(effective, "password").text, "(hidden)");
  EXPECT_EQ(row_of(effective, "password").origin, "DOSSIER_PASSWORD");
  EXPECT_THAT(to_text(effective), Not(HasSubstr("hunter2")));

  const std::vector<std::vector<given_value>> wrong = {{{"password", "hunter1", "DOSSIER_PASSWORD"}}};
  EXPECT_THAT(message_of(resolve(table, wrong).error()), Not(HasSubstr("hunter1")));
}

TEST(environment, gives_values_by_its_variables_and_leaves_others_alone) {
  const auto table = all_settings();
  const char* variables[] = {"PATH=/bin", "DOSSIER_HTTP_IDLE_TIME=5s", "DOSSIER_DATA=/a=b",
                             "DOSSIER_CONFIG=x.toml"};
  const auto given = read_environment(table, variables);
  ASSERT_EQ(given.size(), 2u);
  EXPECT_EQ(given[0].name, "http.idle_time");
  EXPECT_EQ(given[0].text, "5s");
  EXPECT_EQ(given[0].origin, "DOSSIER_HTTP_IDLE_TIME");
  EXPECT_EQ(given[1].text, "/a=b");
}

TEST(environment, names_the_nearest_variable_for_each_unknown_one) {
  const auto table = all_settings();
  const char* variables[] = {"PATH=/bin", "DOSSIER_LISTN=127.0.0.1:1", "DOSSIER_DATA=/x", "DOSSIER_CONFIGG=x",
                             "DOSSIER_CONFIG=y"};
  EXPECT_THAT(unknown_variables(table, variables),
              ElementsAre("environment: there is no setting DOSSIER_LISTN; did you mean DOSSIER_LISTEN?",
                          "environment: there is no setting DOSSIER_CONFIGG; did you mean DOSSIER_CONFIG?"));
}

TEST(toml, gives_dotted_names_with_their_lines) {
  const auto given =
      read_toml("data = '/x'\nhttps = true\nallowed_hosts = ['a', 'b']\n[http]\nconnections = 10\n",
                "dossier.toml")
          .value();
  const auto find = [&](std::string_view name) {
    return *std::ranges::find(given, name, &given_value::name);
  };
  ASSERT_EQ(given.size(), 4u);
  EXPECT_EQ(find("data").text, "/x");
  EXPECT_EQ(find("https").text, "true");
  EXPECT_EQ(find("allowed_hosts").text, "a,b");
  EXPECT_EQ(find("http.connections").text, "10");
  EXPECT_EQ(find("http.connections").origin, "dossier.toml, line 5");
}

TEST(toml, that_cannot_be_read_says_where) {
  EXPECT_THAT(message_of(read_toml("data = \n", "x.toml").error()), HasSubstr("x.toml, line 1"));
  EXPECT_THAT(message_of(read_toml("a = 1\ndata = 1.5\n", "x.toml").error()),
              HasSubstr("x.toml, line 2: data"));
}

TEST(config_check, prints_value_and_origin_of_every_setting) {
  const auto text = to_text(resolve_layers({{{"data", "/x", "--data"}}}).value());
  EXPECT_THAT(text, ::testing::ContainsRegex("data +/x +--data\n"));
  EXPECT_THAT(text, ::testing::ContainsRegex("http.idle_time +75s +default\n"));
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')), all_settings().size());
}

class kept_values final : public reference_reader {
 public:
  base::result<std::string> read(const reference& which) override {
    asked.push_back(which.name);
    const auto found = values.find(which.name);
    if (found == values.end())
      return base::fail(base::error_code::not_found, "Nobody has " + which.name + ".");
    return found->second;
  }
  std::map<std::string, std::string> values;
  std::vector<std::string> asked;
};

TEST(reference_in_the_configuration, is_read_where_it_points) {
  kept_values elsewhere;
  elsewhere.values = {{"where", "/srv/dossier\n"}};
  const auto table = all_settings();
  const std::vector<std::vector<given_value>> layers = {{{"data", "ssm:where", "DOSSIER_DATA"}}};
  const auto effective = resolve(table, layers, &elsewhere).value();
  EXPECT_EQ(effective.values.data, "/srv/dossier");
  EXPECT_EQ(row_of(effective, "data").text, "/srv/dossier");
  EXPECT_EQ(row_of(effective, "data").origin, "DOSSIER_DATA, ssm:where");
}

TEST(reference_in_the_configuration, is_not_read_when_a_later_layer_wins) {
  kept_values elsewhere;
  const auto table = all_settings();
  const std::vector<std::vector<given_value>> layers = {{{"data", "ssm:gone", "DOSSIER_DATA"}},
                                                        {{"data", "/here", "--data"}}};
  EXPECT_EQ(resolve(table, layers, &elsewhere).value().values.data, "/here");
  EXPECT_THAT(elsewhere.asked, ElementsAre());
}

TEST(reference_in_the_configuration, that_cannot_be_read_is_an_error_with_its_place) {
  kept_values elsewhere;
  elsewhere.values = {{"idle", "soon"}};
  const auto table = all_settings();
  const std::vector<std::vector<given_value>> layers = {
      {{"data", "ssm:gone", "DOSSIER_DATA"}, {"http.idle_time", "ssm:idle", "dossier.toml, line 3"}}};
  const auto effective = resolve(table, layers, &elsewhere);
  ASSERT_FALSE(effective);
  EXPECT_THAT(message_of(effective.error()), HasSubstr("DOSSIER_DATA: data: Nobody has gone."));
  EXPECT_THAT(message_of(effective.error()),
              HasSubstr("dossier.toml, line 3: http.idle_time: \"soon\" is not a duration"));
}

TEST(reference_in_the_configuration, to_the_database_s_password_stays_one) {
  kept_values elsewhere;
  const auto table = all_settings();
  const std::vector<std::vector<given_value>> layers = {
      {{"records_password", "secretsmanager:db#password", "DOSSIER_RECORDS_PASSWORD"}}};
  const auto effective = resolve(table, layers, &elsewhere).value();
  EXPECT_EQ(effective.values.records_password, "secretsmanager:db#password");
  EXPECT_EQ(row_of(effective, "records_password").text, "secretsmanager:db#password");
  EXPECT_THAT(elsewhere.asked, ElementsAre());
}

TEST(configuration, hides_a_password) {
  const auto effective =
      resolve_layers({{{"records_password", "hunter2", "DOSSIER_RECORDS_PASSWORD"}}}).value();
  EXPECT_EQ(effective.values.records_password, "hunter2");
  EXPECT_THAT(to_text(effective), Not(HasSubstr("hunter2")));
  EXPECT_THAT(to_text(effective), HasSubstr("(hidden)"));
}

TEST(configuration, tells_what_is_wrong_with_a_store_s_url_but_not_the_url) {
  const auto effective = resolve_layers({{{"records", "mysql://root:hunter2@db/d", "DOSSIER_RECORDS"}}});
  ASSERT_FALSE(effective);
  EXPECT_THAT(message_of(effective.error()), HasSubstr("DOSSIER_RECORDS: records: a password is not part"));
  EXPECT_THAT(message_of(effective.error()), Not(HasSubstr("hunter2")));
}

}  // namespace
}  // namespace dossier::app
