// The texts of errors (+CMEE=2) against the tables of the manual, and which numbers have one.
#include "at_engine/reply.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

namespace {

// Base manual table 15, and what 27.007 adds.
const std::vector<std::pair<int, std::string>> general{
    {0, "Phone failure"},
    {1, "No connection to phone"},
    {2, "Phone-adaptor link reserved"},
    {3, "Operation not allowed"},
    {4, "Operation not supported"},
    {5, "PH-SIM PIN required"},
    {6, "PH-FSIM PIN required"},
    {7, "PH-FSIM PUK required"},
    {10, "SIM not inserted"},
    {11, "SIM PIN required"},
    {12, "SIM PUK required"},
    {13, "SIM failure"},
    {14, "SIM busy"},
    {15, "SIM wrong"},
    {16, "Incorrect password"},
    {17, "SIM PIN2 required"},
    {18, "SIM PUK2 required"},
    {20, "Memory full"},
    {21, "Invalid index"},
    {22, "Not found"},
    {23, "Memory failure"},
    {24, "Text string too long"},
    {25, "Invalid characters in text string"},
    {26, "Dial string too long"},
    {27, "Invalid characters in dial string"},
    {30, "No network service"},
    {31, "Network timeout"},
    {32, "Network not allowed - emergency calls only"},
    {40, "Network personalization PIN required"},
    {41, "Network personalization PUK required"},
    {42, "Network subset personalization PIN required"},
    {43, "Network subset personalization PUK required"},
    {44, "Service provider personalization PIN required"},
    {45, "Service provider personalization PUK required"},
    {46, "Corporate personalization PIN required"},
    {47, "Corporate personalization PUK required"},
    {50, "Incorrect parameters"},
    {100, "Unknown"},
    {901, "Audio unknown error"},
    {902, "Audio invalid parameters"},
    {903, "Audio operation not supported"},
    {904, "Audio device busy"}};

// Base manual table 16.
const std::vector<std::pair<int, std::string>> of_messages{
    {107, "Other General problems"},
    {300, "ME failure"},
    {301, "SMS ME reserved"},
    {302, "Operation not allowed"},
    {303, "Operation not supported"},
    {304, "Invalid PDU mode"},
    {305, "Invalid text mode"},
    {310, "SIM not inserted"},
    {311, "SIM pin necessary"},
    {312, "PH SIM pin necessary"},
    {313, "SIM failure"},
    {314, "SIM busy"},
    {315, "SIM wrong"},
    {316, "SIM PUK required"},
    {317, "SIM PIN2 required"},
    {318, "SIM PUK2 required"},
    {320, "Memory failure"},
    {321, "Invalid memory index"},
    {322, "Memory full"},
    {330, "SMSC address unknown"},
    {331, "No network"},
    {332, "Network timeout"},
    {340, "No +CNMA acknowledgement expected"},
    {350, "Unknown"},
    {500, "Unknown"},
    {510, "Message blocked"}};

// Of files; 407 as a real module prints it.
const std::vector<std::pair<int, std::string>> of_files{
    {400, "Invalid input value"},
    {401, "Larger than the size of the file"},
    {402, "Read zero byte"},
    {403, "Drive full"},
    {405, "File not found"},
    {406, "Invalid file name"},
    {407, "file already exist"},
    {409, "Fail to write the file"},
    {410, "Fail to open the file"},
    {411, "Fail to read the file"},
    {413, "Reach the max number of files allowed to be opened"},
    {414, "The file is read-only"},
    {416, "Invalid file descriptor"},
    {417, "Fail to list the file"},
    {418, "Fail to delete the file"},
    {419, "Fail to get disk info"},
    {420, "No space"},
    {421, "Time out"},
    {423, "File too large"},
    {425, "Invalid parameter"},
    {426, "File already opened"}};

// Of HTTP, behind "HTTP(S) " for some; data services 8.7.
const std::vector<std::pair<int, std::string>> of_http{{701, "unknown error"},
                                                       {702, "timeout"},
                                                       {703, "HTTP(S) busy"},
                                                       {704, "UART busy"},
                                                       {705, "no GET/POST requests"},
                                                       {706, "network busy"},
                                                       {707, "network open failed"},
                                                       {708, "network no configuration"},
                                                       {709, "network deactivated"},
                                                       {710, "network error"},
                                                       {711, "URL error"},
                                                       {712, "empty URL"},
                                                       {713, "IP address error"},
                                                       {714, "DNS error"},
                                                       {715, "socket create error"},
                                                       {716, "socket connect error"},
                                                       {717, "socket read failed"},
                                                       {718, "socket write failed"},
                                                       {719, "socket closed"},
                                                       {720, "data encode error"},
                                                       {721, "data decode error"},
                                                       {722, "read timeout"},
                                                       {723, "response failed"},
                                                       {724, "incoming call busy"},
                                                       {725, "voice call busy"},
                                                       {726, "input timeout"},
                                                       {727, "wait data timeout"},
                                                       {728, "wait HTTP(S) response timeout"},
                                                       {729, "memory allocation failed"},
                                                       {730, "invalid parameter"},
                                                       {731, "would block"},
                                                       {732, "TLS handshake failed"},
                                                       {733, "file read failed"},
                                                       {734, "form size error"},
                                                       {735, "form file error"}};

constexpr int first_of_ftp = 601;
constexpr int last_of_ftp = 631;

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

}  // namespace

TEST_CASE("errors have the texts of the manual's tables") {
  for (const auto& [code, text] : general) CHECK(at::cme_text(code) == text);
  for (const auto& [code, text] : of_files) CHECK(at::cme_text(code) == text);
  for (const auto& [code, text] : of_messages) CHECK(at::cms_text(code) == text);
  for (const auto& [code, text] : of_http) {
    INFO(code);
    CHECK_THAT(lower(at::cme_text(code)), Catch::EndsWith(lower(text)));
  }
}

TEST_CASE("only errors of the tables have a text") {
  std::set<int> texts;
  for (int code = first_of_ftp; code <= last_of_ftp; ++code) texts.insert(code);
  for (const auto* table : {&general, &of_files, &of_http})
    for (const auto& row : *table) texts.insert(row.first);
  std::set<int> of_cms;
  for (const auto& row : of_messages) of_cms.insert(row.first);
  for (int code = -1; code <= 1000; ++code) {
    INFO(code);
    CHECK(at::cme_text(code).empty() == (texts.count(code) == 0));
    CHECK(at::cms_text(code).empty() == (of_cms.count(code) == 0));
  }
}
