#include "pump/include_server/send_plan/date_macros.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "pump/include_server/answer/request_handler.h"
#include "pump/os/process.h"

namespace pump::include_server {
namespace {

using testing::HasSubstr;

class DateMacrosTest : public testing::Test {
 protected:
  DateMacrosTest() {
    std::string name = testing::TempDir() + "date_macros.XXXXXX";
    request_.cwd = std::filesystem::canonical(::mkdtemp(name.data()));
    request_.environment = os::Environment::current();
    request_.environment.unset("SOURCE_DATE_EPOCH");
    request_handler_ = *RequestHandler::create({});
  }
  void SetUp() override {
    if (!os::find_program("gcc", request_.environment.get_or("PATH", {}))) GTEST_SKIP();
  }
  ~DateMacrosTest() override { std::filesystem::remove_all(request_.cwd); }

  Reply ask(std::string_view source, const std::string& flag = "-O1") {
    std::ofstream(request_.cwd + "/x.c") << source;
    request_.argv = {"gcc", flag, "-c", "x.c", "-o", "x.o"};
    return request_handler_->answer(request_);
  }

  Request request_;
  std::unique_ptr<RequestHandler> request_handler_;
};

TEST_F(DateMacrosTest, AreCompiledOnTheClientIfTheEnvironmentSetsThem) {
  const std::string dated = "#include \"x.h\"\nconst char* when = NOW;\n";
  std::ofstream(request_.cwd + "/x.h") << "#define NOW __TIME__\n";
  EXPECT_EQ(ask(dated).give_up, GiveUp::None);
  request_.environment.set("SOURCE_DATE_EPOCH", "1");
  const Reply reply = ask(dated);
  EXPECT_EQ(reply.give_up, GiveUp::NotSendable);
  EXPECT_THAT(reply.detail, testing::AllOf(HasSubstr("SOURCE_DATE_EPOCH"), HasSubstr("__TIME__ in x.h")));
  EXPECT_EQ(ask(dated, "-DX=1").give_up, GiveUp::NotSendable);
  EXPECT_EQ(ask("int undated;\n").give_up, GiveUp::None);
  EXPECT_THAT(ask("int undated;\n", "-DX=__DATE__").detail, HasSubstr("__DATE__ in a macro"));
  request_.environment.unset("SOURCE_DATE_EPOCH");
  EXPECT_EQ(ask(dated).give_up, GiveUp::None);
}

}  // namespace
}  // namespace pump::include_server
