// What a submission promises to its sender.
#include <gtest/gtest.h>

#include "fakes/details.h"
#include "fakes/memory_source.h"
#include "faults/world.h"

namespace dossier {
namespace {

using base::error_code;

const std::vector<upload> two_files = {{"photo.png", "\x89PNG\r\n\x1a\n" + some_bytes(70'000, 1)},
                                       {"letter.txt", "Dear Anna"}};

TEST(submission, answers_the_person_as_it_was_committed) {
  world w;
  const auto made = w.submit(anna_draft, two_files);
  ASSERT_TRUE(made);
  const auto as_read = w.everybody().at(0);
  EXPECT_EQ(made->person.id, as_read.id);
  EXPECT_EQ(made->person.details, anna);
  EXPECT_EQ(made->person.created_at, as_read.created_at);
  EXPECT_EQ(made->person.version, 1);
  ASSERT_EQ(made->person.files.size(), 2u);
  EXPECT_EQ(made->person.files[1].id, as_read.files[1].id);
  const auto more = w.submit({}, {{"more.bin", "more"}}, {}, made->person.id);
  ASSERT_TRUE(more);
  EXPECT_EQ(more->person.version, w.everybody().at(0).version);
  ASSERT_EQ(more->person.files.size(), 3u);
  EXPECT_EQ(more->person.files[2].name, "more.bin");
}

TEST(submission, a_key_whose_person_was_deleted_tells_of_it) {
  world w;
  const auto made = w.submit(anna_draft, two_files, "key-1");
  ASSERT_TRUE(made);
  const auto id = made->person.id;
  ASSERT_TRUE(w.submit({}, {{"more.bin", "more"}}, "key-2", id));
  ASSERT_TRUE(fakes::run_sync(w.people->remove(id, {}, {})));
  w.recover();
  const auto number = "no. " + std::to_string(id.value);
  for (const auto& again :
       {w.submit(anna_draft, two_files, "key-1"), w.submit({}, {{"more.bin", "more"}}, "key-2", id),
        w.submit({}, {{"other.bin", "other"}}, "key-2", id), w.submit({}, {}, "key-2", id)}) {
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, error_code::gone);
    EXPECT_NE(again.error().message.find("key-"), std::string::npos) << again.error().message;
    EXPECT_NE(again.error().message.find(number), std::string::npos) << again.error().message;
    EXPECT_NE(again.error().message.find("deleted"), std::string::npos) << again.error().message;
  }
  EXPECT_EQ(w.submit({}, {{"more.bin", "more"}}, "key-3", id).error().code, error_code::not_found);
  EXPECT_EQ(w.submit({}, {{"more.bin", "more"}}, {}, id).error().code, error_code::not_found);
  EXPECT_TRUE(w.submit(anna_draft, two_files, "key-4"));
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.objects_there().size(), 2u);
}

// --- Faults of the client, and of a node that stands still.

awaitable<std::unique_ptr<domain::submission>> begin_with_a_file(world& w) {
  auto submission = w.intake->begin({});
  fakes::memory_source bytes(some_bytes(10'000, 3));
  EXPECT_TRUE(co_await submission->add_file("a.bin", bytes));
  co_return submission;
}

// As a node does that stood still in the middle of an upload.
awaitable<bool> write_bytes(world& w, domain::object_key key) {
  fakes::memory_source bytes(some_bytes(10'000, 3));
  const auto written = co_await w.real.objects->put(std::move(key), bytes);
  co_return written.has_value();
}

void expect_the_late_bytes_to_be_erased(world& w) {
  EXPECT_EQ(w.objects_there().size(), 1u);
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.objects_there().empty());
}

TEST(submission, a_broken_line_leaves_nothing) {
  world w;
  const bool done = fakes::run_sync([](world& inner) -> awaitable<bool> {
    auto submission = inner.intake->begin({});
    fakes::memory_source bytes(some_bytes(100'000, 3));
    bytes.fail_after(50'000, {error_code::malformed, "The connection was lost."});
    const auto added = co_await submission->add_file("a.bin", bytes);
    EXPECT_EQ(added.error().code, error_code::malformed);
    co_await submission->abandon();
    co_return true;
  }(w));
  ASSERT_TRUE(done);
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.objects_there().empty());
}

TEST(submission, every_wrong_field_is_named_and_nothing_is_kept) {
  world w;
  const auto outcome =
      w.submit(fakes::typed{.name = "", .location = "Oslo", .age = "200", .technology = "C++"}, two_files);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().code, error_code::invalid);
  EXPECT_EQ(outcome.error().fields.size(), 2u);
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.objects_there().empty());
}

TEST(submission, the_same_key_with_other_content_is_refused_and_keeps_the_first) {
  world w;
  const auto first = w.submit(anna_draft, two_files, "key-1");
  ASSERT_TRUE(first);
  auto other = two_files;
  other[1].bytes += "!";
  const auto second = w.submit(anna_draft, other, "key-1");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, error_code::invalid);
  EXPECT_EQ(second.error().fields.at(0).field, "idempotency_key");
  const auto third = w.submit(anna_draft, two_files, "key-1");
  ASSERT_TRUE(third);
  EXPECT_TRUE(third->repeated);
  EXPECT_EQ(third->person.id, first->person.id);
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.objects_there().size(), 2u);
}

TEST(submission, a_key_is_free_again_after_a_refusal) {
  world w;
  EXPECT_FALSE(w.submit(fakes::typed{.name = "", .location = "Oslo", .age = "41", .technology = "C++"},
                        two_files, "key-1"));
  EXPECT_TRUE(w.submit(anna_draft, two_files, "key-1"));
}

TEST(submission, a_stalled_upload_is_fenced_after_its_lease) {
  world w;
  const bool done = fakes::run_sync([](world& inner) -> awaitable<bool> {
    auto submission = co_await begin_with_a_file(inner);
    inner.clock.advance(std::chrono::seconds(60));  // the lease was not renewed: the node stood still
    EXPECT_TRUE(co_await inner.worker->run_due());
    const auto late = co_await submission->commit(anna_draft);
    EXPECT_FALSE(late);
    if (!late) EXPECT_EQ(late.error().code, error_code::conflict);
    co_await submission->abandon();
    co_return true;
  }(w));
  ASSERT_TRUE(done);
  w.recover();
  w.expect_in_step();
  EXPECT_TRUE(w.everybody().empty());
  EXPECT_TRUE(w.objects_there().empty());
}

TEST(submission, a_late_write_of_a_stalled_node_is_erased_too) {
  world w;
  domain::object_key key;
  const bool done = fakes::run_sync([](world& inner, domain::object_key& stalled) -> awaitable<bool> {
    auto submission = co_await begin_with_a_file(inner);
    const auto listed = co_await inner.real.objects->list({}, 10);
    stalled = listed->at(0).key;
    inner.clock.advance(std::chrono::seconds(60));
    EXPECT_TRUE(co_await inner.worker->run_due());
    // The node wakes up, and writes the bytes after the worker has erased them.
    EXPECT_TRUE(co_await write_bytes(inner, stalled));
    co_return true;
  }(w, key));
  ASSERT_TRUE(done);
  expect_the_late_bytes_to_be_erased(w);
}

// The bytes are written so late that the file's row is gone: no record names the object any more.
TEST(submission, a_write_after_all_was_cleaned_up_is_erased_by_who_wrote_it) {
  world w;
  const bool done = fakes::run_sync([](world& inner) -> awaitable<bool> {
    auto submission = co_await begin_with_a_file(inner);
    const auto key = (co_await inner.real.objects->list({}, 10))->at(0).key;
    for (int round = 0; round < 3; ++round) {
      inner.clock.advance(std::chrono::minutes(10));
      EXPECT_TRUE(co_await inner.worker->run_due());
    }
    EXPECT_FALSE(*co_await inner.real.records->find_row(key));
    EXPECT_TRUE(co_await write_bytes(inner, key));
    EXPECT_FALSE(co_await submission->commit(anna_draft));
    co_await submission->abandon();
    co_return true;
  }(w));
  ASSERT_TRUE(done);
  expect_the_late_bytes_to_be_erased(w);
}

TEST(submission, an_upload_that_takes_long_keeps_its_lease) {
  world w;
  const bool done = fakes::run_sync([](world& inner) -> awaitable<bool> {
    auto submission = co_await begin_with_a_file(inner);
    const auto rows = co_await inner.real.records->scan_files({}, 10);
    EXPECT_EQ(rows->size(), 1u);
    inner.clock.advance(std::chrono::seconds(10));
    co_await inner.leases->renew_now();
    inner.clock.advance(std::chrono::seconds(10));
    EXPECT_EQ(*co_await inner.worker->run_due(), 0);
    EXPECT_TRUE(co_await submission->commit(anna_draft));
    co_return true;
  }(w));
  ASSERT_TRUE(done);
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.everybody().size(), 1u);
}

TEST(submission, too_large_and_too_many_are_refused) {
  world w;
  w.intake = std::make_unique<domain::intake>(*w.records, *w.objects, *w.leases, *w.worker, w.random,
                                              domain::intake_limits{.file_bytes = 1000, .files = 2});
  EXPECT_TRUE(w.submit(anna_draft, {{"a", some_bytes(1000, 1)}}));
  EXPECT_EQ(w.submit(anna_draft, {{"a", some_bytes(1001, 1)}}).error().code, error_code::too_large);
  EXPECT_EQ(w.submit(anna_draft, {{"a", "1"}, {"b", "2"}, {"c", "3"}}).error().code, error_code::too_large);
  w.recover();
  w.expect_in_step();
  EXPECT_EQ(w.objects_there().size(), 1u);
}

}  // namespace
}  // namespace dossier
