// A module at rest, taken down and made again in another one: what it answers afterwards, what
// cannot be taken, and documents that are damaged. In virtual time.
#include "emulator/snapshot/snapshot.hpp"

#include "emulator/scenario_file.hpp"
#include "tests/support/world.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <fmt/format.h>

using namespace std::chrono_literals;
using emulator::snapshot::Refusal;
using nlohmann::json;

namespace {

using Lines = std::vector<std::string>;

/// Commands that ask for what "?" does not tell.
const Lines further_queries{
    "AT&V",
    "ATI",
    "AT+CSQ",
    "AT+QCSQ",
    "AT+QNWINFO",
    "AT+QSPN",
    "AT+QENG=\"servingcell\"",
    "AT+QENG=\"neighbourcell\"",
    "AT+CEER",
    "AT+COPN",
    "AT+CBC",
    "AT+QTEMP",
    "AT+QADC=0",
    "AT+CPAS",
    "AT+QINISTAT",
    "AT+QPINC=\"SC\"",
    "AT+QPINC=\"P2\"",
    "AT+CLCK=\"SC\",2",
    "AT+CIMI",
    "AT+QCCID",
    "AT+CNUM",
    "AT+CSIM=4,\"00B0\"",
    "AT+CGLA=1,10,\"00B0000002\"",
    "AT+CSIM=10,\"00B0000002\"",
    "AT+CGPADDR",
    "AT+CGCONTRDP",
    "AT+QIGETERROR",
    "AT+QLTS=0",
    "AT+QLTS=1",
    "AT+QLTS=2",
    "AT+CMGD=?",
    "AT+CPMS?",
    "AT+CMGL=4",
    "AT+CMGL=\"ALL\"",
    "AT+CNMA",
    "AT+QFLDS",
    "AT+QFLST=\"*\"",
    "AT+QFOPEN?",
    "AT+QFPOSITION=3000",
    "AT+QFPOSITION=3001",
    "AT+QFMD5=\"a.bin\"",
    "AT+QURCCFG=\"urcport\"",
    "AT+QMTOPEN?",
    "AT+QMTCONN?",
    "AT+QMTRECV?",
};

Lines keyed_queries() {
  Lines lines;
  for (const auto* key : {"urc/ri/ring",
                          "urc/ri/smsincoming",
                          "urc/ri/other",
                          "urc/ri/level",
                          "cmux/urcport",
                          "cmux/baudratework",
                          "urc/delay",
                          "urc/cache",
                          "urc/port",
                          "risignaltype",
                          "roamservice",
                          "band",
                          "nwoptmz/acq",
                          "usbnet",
                          "aprstlevel",
                          "modemrstlevel",
                          "ntp",
                          "ledmode",
                          "nat",
                          "netmaskset",
                          "ppp/termframe",
                          "rf/tuner_cfg",
                          "tcp/windowsize",
                          "TCP/SendMode",
                          "fast/poweroff",
                          "fota/cid",
                          "qcautoconnect",
                          "sms/MeNum"})
    lines.push_back(fmt::format("AT+QCFG=\"{}\"", key));
  for (const auto* key :
       {"all", "csq", "datastatus", "mode", "smsfull", "act", "sqi", "smsincoming"})
    lines.push_back(fmt::format("AT+QINDCFG=\"{}\"", key));
  for (int i = 0; i < 6; ++i) {
    for (const auto* key : {"version", "pdpcid", "ssl", "keepalive", "session", "timeout", "will",
                            "willex", "recv/mode", "qmtping", "send/mode", "aliauth", "onenet",
                            "dataformat", "view/mode", "edit/timeout"})
      lines.push_back(fmt::format("AT+QMTCFG=\"{}\",{}", key, i));
    for (const auto* key : {"sslversion",
                            "dtls",
                            "dtlsversion",
                            "ciphersuite",
                            "cacert",
                            "cacertex",
                            "clientcert",
                            "clientkey",
                            "seclevel",
                            "ignorelocaltime",
                            "negotiatetime",
                            "sni",
                            "psk",
                            "closetimemode",
                            "session_cache",
                            "alpn",
                            "renegotiation",
                            "ignoremulticertchainverify",
                            "ignoreinvalidcertsign",
                            "ignorecertitem",
                            "session"})
      lines.push_back(fmt::format("AT+QSSLCFG=\"{}\",{}", key, i));
  }
  for (int cid = 1; cid <= 3; ++cid) {
    lines.push_back(fmt::format("AT+QICSGP={}", cid));
    lines.push_back(fmt::format("AT+QIDNSCFG={}", cid));
  }
  return lines;
}

class Module : public support::World {
 public:
  explicit Module(bool on = true) : World({}) {
    if (on) modem.power_on();
    wait(30s);
    hush();
  }

  void wait(at::Duration time) { timeline.run_until(timeline.now() + time); }
  void until(at::Duration since_start) { timeline.run_until(at::Time(since_start)); }
  void hush() {
    for (auto& port : ports) port.unread.clear();
  }
  [[nodiscard]] std::string unread() const { return ports[0].unread + ports[1].unread; }

  /// `>TEXT` answers a prompt, `2:LINE` goes to the second channel, `{…}` changes the surroundings,
  /// `off` is the end of the supply.
  void set_up(const Lines& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      const auto& line = lines[i];
      if (line == "off")
        modem.device().power().cut();
      else if (line[0] == '{')
        surround(line);
      else if (line[0] == '>')
        terminals[0]->receive(line.substr(1));
      else if (line.rfind("2:", 0) == 0)
        terminals[1]->receive(line.substr(2) + "\r");
      else
        terminals[0]->receive(line + "\r");
      const bool asks = i + 1 < lines.size() && lines[i + 1][0] == '>';
      if (!asks) wait(20s);
    }
  }
  void surround(const std::string& patch) {
    auto& scenario = modem.device().scenario();
    const auto change = std::get<emulator::device::SceneChange>(
        emulator::parse_scene_patch(patch, scenario.written()));
    scenario.rewrite(change.scene, change.deactivated);
  }

  std::string answer(std::size_t channel, const std::string& line) {
    auto& port = ports[channel];
    port.unread.clear();
    terminals[channel]->receive(line + "\r");
    wait(1s);
    return std::exchange(port.unread, {});
  }

  /// Everything that a host can ask, on both channels.
  std::string answers() {
    std::string all = answer(0, "A/");
    all += answer(0, "AT&V") + answer(1, "AT&V");
    for (std::size_t channel = 0; channel < 2; ++channel)
      for (const auto* basic : {"ATE0", "ATV1", "ATQ0", "ATS3=13", "ATS4=10"})
        answer(channel, basic);
    for (std::size_t channel = 0; channel < 2; ++channel) {
      for (const auto* own : {"AT+CMEE?", "AT+IPR?", "AT+IFC?", "AT+ICF?", "ATS5?"})
        all += answer(channel, own);
    }
    static const auto keyed = keyed_queries();
    for (const auto& line : names()) all += line + answer(0, line);
    for (const auto* list : {&keyed, &further_queries})
      for (const auto& line : *list) all += line + answer(0, line);
    return all;
  }

  json saved() {
    auto made = emulator::snapshot::save(modem, "866123456789012");
    if (const auto* refusal = std::get_if<Refusal>(&made)) FAIL(refusal->detail);
    return std::get<json>(made);
  }

 private:
  /// `AT+X?` of every command that there is.
  Lines names() {
    Lines lines;
    const auto list = answer(0, "AT+CLAC");
    for (std::size_t begin = 0; (begin = list.find("+", begin)) != std::string::npos;) {
      const auto end = list.find('\r', begin);
      lines.push_back(fmt::format("AT{}?", list.substr(begin, end - begin)));
      begin = end;
    }
    return lines;
  }
};

/// What every command changes says nothing of what it did.
json without_last_lines(json document) {
  for (auto& channel : document.at("module").at("channels")) channel.erase("last_line");
  return document;
}

std::string refusal_of(Module& module, Refusal::Kind kind) {
  const auto made = emulator::snapshot::save(module.modem, "1");
  REQUIRE(std::holds_alternative<Refusal>(made));
  CHECK(std::get<Refusal>(made).kind == kind);
  return std::get<Refusal>(made).detail;
}

void restore(Module& module, const json& document) {
  const auto refusal = emulator::snapshot::restore(module.modem, document);
  if (refusal) FAIL(refusal->field << ": " << refusal->detail);
}

const std::vector<Lines> set_ups{
    {"ATE0"},
    {"ATE0", "ATV0", "ATX1", "AT&C0", "AT&D1", "AT+CMEE=2", "ATS5=127"},
    {"ATS3=35", "2:ATQ1", "2:ATS4=48"},
    {"AT+CMEE=0", "AT&W", "AT+CMEE=2", "2:ATE0", "2:AT&W"},
    {"AT+IPR=9600", "AT+IFC=2,2", "AT+ICF=3,1", "2:AT+IPR=921600"},
    {"AT+CFUN=0"},
    {"AT+CFUN=4", "AT+QSCLK=1"},
    {"off"},
    {"AT+QDIAGPORT=1"},
    {"AT+CLCK=\"SC\",1,\"1234\""},
    {"AT+CLCK=\"SC\",1,\"1234\"", "AT+CFUN=1,1", "AT+CPIN=\"9999\""},
    {"AT+CLCK=\"SC\",1,\"1234\"", "AT+CFUN=1,1", "AT+CPIN=\"9999\"", "AT+CPIN=\"9999\"",
     "AT+CPIN=\"9999\""},
    {"AT+CPWD=\"P2\",\"5678\",\"4321\"", "AT+CPWD=\"P2\",\"1111\",\"4321\""},
    {"AT+QSIMSTAT=1", "AT+QSIMDET=1,1"},
    {"AT+QSIMDET=1,1", "AT+CFUN=1,1", "{\"sim_inserted\":false}"},
    {"{\"sim_inserted\":false}", "{\"sim_inserted\":true}"},
    {"{\"sim_inserted\":false}", "AT+CFUN=0"},
    {"AT+CCHO=\"A0000000871002\"", "AT+CSIM=14,\"00A40004022FE2\"",
     "AT+CGLA=1,14,\"00A40004022FE2\""},
    {"AT+CCHO=\"A0000000871002\"", "AT+CCHO=\"A0000000871002\"", "AT+CCHC=1"},
    {"AT+CREG=2", "AT+CGREG=1", "AT+CEREG=2"},
    {"AT+CREG=2", "AT&W", "ATZ", "AT+CREG=1"},
    {"AT+COPS=3,2"},
    {"AT+COPS=2"},
    {"AT+COPS=1,2,\"00101\""},
    {"AT+COPS=1,2,\"99999\""},
    {"AT+CGATT=0", "AT+CREG=2"},
    {"{\"service\":\"none\"}"},
    {"{\"service\":\"denied\"}"},
    {"{\"service\":\"roaming\",\"operator\":{\"name\":\"Else\",\"short_name\":\"E\",\"plmn\":"
     "\"26201\"},\"signal\":{\"rsrp\":-118,\"sinr\":-3},\"cell\":{\"tac\":4660},"
     "\"other_operators\":[{\"name\":\"O\",\"short_name\":\"o\",\"plmn\":\"26202\","
     "\"forbidden\":true}],\"neighbours\":[{\"pcid\":7}],\"zone\":8,\"daylight_saving\":true,"
     "\"host_address\":\"10.1.2.3\",\"dns\":[\"1.1.1.1\"],\"supply_mv\":3500,"
     "\"temperature_c\":60,\"adc_mv\":[1,2],\"fota\":{\"check_ms\":1,\"reset_ms\":2,"
     "\"start_ms\":3,\"update_ms\":4}}"},
    {"AT+QCFG=\"roamservice\",1,1", "{\"service\":\"roaming\"}"},
    {"AT+QCFG=\"roamservice\",1,0", "{\"service\":\"roaming\"}"},
    {"AT+CPOL=3,2,\"00101\"", "AT+CPOL=,0"},
    {"AT+QINDCFG=\"csq\",1", "AT+QINDCFG=\"act\",1,1", "AT+QINDCFG=\"all\",0",
     "{\"signal\":{\"rssi\":-100}}"},
    {"AT+CGDCONT=2,\"IPV4V6\",\"apn2\",\"10.0.0.9\",1,2,1,1", "AT+CGACT=1,2", "AT+CGEREP=2,1"},
    {"AT+QICSGP=1,1,\"cmnet\",\"user\",\"secret\",2", "AT+QIACT=1",
     "AT+QIDNSCFG=1,\"9.9.9.9\",\"8.8.8.8\""},
    {"AT+CGDCONT=3,\"IPV6\",\"v6\"", "AT+QIACT=3"},
    {"AT+QIACT=1", "AT+QIACT=1"},
    {"AT+CGACT=0,1", "AT+CGDCONT=1"},
    {"AT+CCLK=\"31/02/03,04:05:06+08\""},
    {"AT+CTZU=3", "AT+CTZR=2", "AT+CFUN=1,1", "{\"zone\":-12,\"daylight_saving\":true}",
     "AT+COPS=2", "AT+COPS=0"},
    {"AT+CTZU=0"},
    {"AT+CMGF=1", "AT+CSMS=1", "AT+CPMS=\"SM\",\"SM\",\"ME\"", "AT+CNMI=1,2,0,1,0",
     "AT+CSMP=49,170,1,4", "AT+CSCS=\"IRA\"", "AT+CSDH=1", "AT+CSCB=1,\"1,2\",\"3\"", "AT+CMMS=1"},
    {"AT+CSCA=\"+15551234567\"", "AT+CSCS=\"UCS2\""},
    {"AT+CMGF=1", "AT+CMGW=\"+15550000000\"", ">Kept\x1a", "AT+CMGS=\"+15550100001\"",
     ">To myself\x1a"},
    {"AT+CMGF=1", "AT+CNMI=0,2,0,0,0", "AT+CSMS=1", "AT+CMGS=\"+15550100001\"", ">Kept back\x1a"},
    {"AT+QCFG=\"sms/MeNum\",3"},
    {"AT+QCFG=\"urc/ri/ring\",\"off\",7,2", "AT+QCFG=\"urc/ri/smsincoming\",\"pulse\",500,3",
     "AT+QCFG=\"urc/ri/other\",\"off\"", "AT+QCFG=\"urc/ri/level\",1", "AT+QCFG=\"cmux/urcport\",2",
     "AT+QCFG=\"cmux/baudratework\",1", "AT+QCFG=\"urc/delay\",30",
     "AT+QCFG=\"risignaltype\",\"physical\""},
    {"AT+QCFG=\"urc/cache\",1", "AT+QCFG=\"urc/port\",\"usbat\""},
    {"AT+QURCCFG=\"urcport\",\"all\""},
    {"AT+QCFG=\"band\",0,4"},
    {"AT+QCFG=\"nwoptmz/acq\",1,120", "AT+QCFG=\"usbnet\",3", "AT+QCFG=\"aprstlevel\",1",
     "AT+QCFG=\"modemrstlevel\",1", "AT+QCFG=\"ntp\",7,20", "AT+QCFG=\"ledmode\",2",
     "AT+QCFG=\"nat\",1", "AT+QCFG=\"netmaskset\",1,\"255.255.0.0\"", "AT+QCFG=\"ppp/termframe\",1",
     "AT+QCFG=\"rf/tuner_cfg\",2,\"3,4\"", "AT+QCFG=\"tcp/windowsize\",1,64",
     "AT+QCFG=\"TCP/SendMode\",1", "AT+QCFG=\"fast/poweroff\",1", "AT+QCFG=\"fota/cid\",3",
     "AT+QCFG=\"qcautoconnect\",1"},
    {"AT+QGDCNT=1", "AT+QAUGDCNT=600", "AT+QISDE=0"},
    {"AT+QFUPL=\"a.bin\",5", std::string(">\0\xff\r\nA", 6), "AT+QFOPEN=\"a.bin\",0",
     "AT+QFSEEK=3000,3", "AT+QFOPEN=\"b\",1"},
    {"AT+QMTCFG=\"version\",0,4", "AT+QMTCFG=\"pdpcid\",0,2", "AT+QMTCFG=\"ssl\",0,1,3",
     "AT+QMTCFG=\"keepalive\",0,77", "AT+QMTCFG=\"session\",0,0", "AT+QMTCFG=\"timeout\",0,9,2,1",
     "AT+QMTCFG=\"will\",0,1,2,1,\"w/t\",\"gone \xff\"", "AT+QMTCFG=\"recv/mode\",0,1,1",
     "AT+QMTCFG=\"qmtping\",0,30", "AT+QMTCFG=\"send/mode\",0,1", "AT+QMTCFG=\"view/mode\",0,1",
     "AT+QMTCFG=\"dataformat\",0,1,1", "AT+QMTCFG=\"edit/timeout\",0,1,9"},
    {"AT+QMTCFG=\"aliauth\",5,\"p\",\"d\",\"s\"", "AT+QMTCFG=\"onenet\",4,\"p\",\"k\"",
     "AT+QMTCFG=\"ssl\",3,0,2"},
    {"AT+QSSLCFG=\"sslversion\",1,3",
     "AT+QSSLCFG=\"ciphersuite\",1,0XC02F:0X0035",
     "AT+QSSLCFG=\"cacert\",1,\"ca.pem\"",
     "AT+QSSLCFG=\"cacertex\",1,\"more.pem\"",
     "AT+QSSLCFG=\"clientcert\",1,\"c.pem\"",
     "AT+QSSLCFG=\"clientkey\",1,\"k.pem\",\"pw\"",
     "AT+QSSLCFG=\"seclevel\",1,2",
     "AT+QSSLCFG=\"ignorelocaltime\",1,0",
     "AT+QSSLCFG=\"negotiatetime\",1,20",
     "AT+QSSLCFG=\"sni\",1,1",
     "AT+QSSLCFG=\"psk\",1,\"me\",\"00ff\"",
     "AT+QSSLCFG=\"session_cache\",1,1",
     "AT+QSSLCFG=\"alpn\",1,\"mqtt\"",
     "AT+QSSLCFG=\"ignorecertitem\",1,5",
     "AT+QSSLCFG=\"renegotiation\",5,1",
     "AT+QSSLCFG=\"ignoremulticertchainverify\",5,1",
     "AT+QSSLCFG=\"ignoreinvalidcertsign\",5,1",
     "AT+QSSLCFG=\"dtls\",5,1",
     "AT+QSSLCFG=\"dtlsversion\",5,1",
     "AT+QSSLCFG=\"closetimemode\",5,1"},
    {"AT+QHTTPCFG=\"contextid\",2", "AT+QHTTPCFG=\"requestheader\",1",
     "AT+QHTTPCFG=\"responseheader\",1", "AT+QHTTPCFG=\"sslctxid\",2",
     "AT+QHTTPCFG=\"contenttype\",4", "AT+QHTTPCFG=\"rspout/auto\",1",
     "AT+QHTTPCFG=\"closed/ind\",1", "AT+QHTTPCFG=\"url\",\"http://a/b\"",
     "AT+QHTTPCFG=\"custom_header\",\"X: y\"", "AT+QHTTPCFG=\"auth\",\"u:p\"",
     "AT+QHTTPCFG=\"form/option\",\"a\",\"b\",\"c\"", "AT+QHTTPCFG=\"reqheader/add\",\"N\",\"v\""},
};

constexpr at::Duration when_saved = 1h;

/// Much of what there is, for documents to be damaged.
const Lines rich{"AT+CMGF=1",
                 "AT+CNMI=0,2,0,0,0",
                 "AT+CMGS=\"+15550100001\"",
                 ">Kept back\x1a",
                 "AT+QFUPL=\"a.bin\",5",
                 ">12345",
                 "AT+QFOPEN=\"a.bin\",0",
                 "AT+CCHO=\"A0000000871002\"",
                 "AT+CGDCONT=2,\"IP\",\"x\"",
                 "AT+QIACT=1",
                 "AT+QIDNSCFG=1,\"9.9.9.9\"",
                 "AT+QMTCFG=\"edit/timeout\",0,1,9",
                 "AT+QMTCFG=\"will\",0,1,2,1,\"w/t\",\"gone\"",
                 "AT+QSSLCFG=\"clientkey\",1,\"k.pem\",\"pw\"",
                 "AT&W"};

}  // namespace

TEST_CASE("a module made from a snapshot answers as the one that it was taken of [CTL-15]") {
  const auto lines = GENERATE(from_range(set_ups));
  CAPTURE(lines);
  Module original;
  const auto as_new = without_last_lines(original.saved());
  original.set_up(lines);
  original.until(when_saved);
  const auto document = original.saved();
  CHECK(without_last_lines(document) != as_new);

  Module other;
  other.until(when_saved);
  other.hush();
  restore(other, json::parse(document.dump()));
  CHECK(other.saved() == document);
  CHECK(other.unread().empty());
  CHECK(other.answers() == original.answers());
}

TEST_CASE("a module of another state becomes the saved one, and says nothing [CTL-15]") {
  const auto other_lines = GENERATE(from_range(set_ups));
  CAPTURE(other_lines);
  Module original;
  original.set_up(rich);
  original.until(when_saved);
  const auto document = original.saved();
  Module other;
  other.set_up(other_lines);
  other.until(when_saved);
  other.hush();
  restore(other, document);
  CHECK(other.saved() == document);
  other.wait(0s);
  CHECK(other.unread().empty());
  CHECK(other.answers() == original.answers());
}

TEST_CASE("a card comes and goes as before in a module that was off [CTL-15]") {
  Module original;
  original.set_up({"AT+QSIMDET=1,1", "AT+CFUN=1,1"});
  original.until(when_saved);
  Module other;
  other.set_up({"off"});
  other.until(when_saved);
  restore(other, original.saved());
  other.surround("{\"sim_inserted\":false}");
  other.hush();
  other.surround("{\"sim_inserted\":true}");
  other.wait(20s);
  CHECK_THAT(other.unread(), Catch::Contains("\r\n+CPIN: READY\r\n"));
}

TEST_CASE("contexts that a document does not have are not stored again later [CTL-15]") {
  Module original;
  original.until(when_saved);
  Module other;
  other.set_up({"AT+CGDCONT=5,\"IP\",\"before\""});
  other.until(when_saved);
  restore(other, original.saved());
  other.set_up({"AT+CGDCONT=2,\"IP\",\"later\"", "AT+CFUN=1,1"});
  const auto contexts = other.answer(0, "AT+CGDCONT?");
  CHECK_THAT(contexts, Catch::Contains("later") && !Catch::Contains("before"));
}

TEST_CASE("no timer of the old state fires after a restoration [CTL-15]") {
  Module original;
  const auto document = original.saved();
  Module other;
  other.set_up({"AT+CREG=2", "AT+CTZR=2", "AT+QAUGDCNT=30"});
  other.hush();
  restore(other, document);
  other.wait(24h);
  CHECK(other.unread().empty());
  CHECK(other.flash.settings == original.flash.settings);
  // The registration is there at once, and ends when the network does.
  other.surround("{\"service\":\"none\"}");
  other.wait(1s);
  CHECK(other.answer(0, "AT+CREG?").find("+CREG: 0,2") != std::string::npos);
}

TEST_CASE("a module that was never on can be taken and made on [CTL-15]") {
  Module original;
  original.set_up({"ATE0"});
  original.until(when_saved);
  const auto document = original.saved();
  Module other(false);
  other.until(when_saved);
  const auto off = other.saved();
  CHECK(off.at("module").at("power").at("on") == false);
  restore(other, document);
  CHECK(other.unread().empty());
  CHECK(other.answer(0, "AT+CFUN?") == "\r\n+CFUN: 1\r\n\r\nOK\r\n");
  restore(other, off);
  CHECK(other.answer(0, "AT").empty());
  other.modem.power_on();
  other.wait(30s);
  CHECK(other.unread().find("RDY") != std::string::npos);
}

TEST_CASE("what is under way keeps a module from being taken [CTL-15]") {
  Module module;
  const auto document = module.saved();
  const auto is = [&](const std::string& what) {
    CHECK(refusal_of(module, Refusal::Kind::busy) == what);
    const auto refusal = emulator::snapshot::restore(module.modem, document);
    REQUIRE(refusal);
    CHECK(refusal->kind == Refusal::Kind::busy);
    CHECK(refusal->detail == what);
  };
  auto& host = *module.terminals[0];
  SECTION("a line") {
    host.receive("AT+CS");
    is("a line is begun on channel uart1");
  }
  SECTION("a prompt") {
    module.terminals[1]->receive("AT+QFUPL=\"x\",5\r");
    is("a prompt is open on channel usbat");
  }
  SECTION("a name") {
    host.receive("AT+QIDNSGIP=1,\"h\"\r");
    module.wait(0s);
    is("a name is looked up (+QIDNSGIP)");
  }
  SECTION("a ping") {
    host.receive("AT+QPING=1,\"h\"\r");
    module.wait(0s);
    is("a +QPING is under way");
  }
  SECTION("a time server") {
    host.receive("AT+QNTP=1,\"h\"\r");
    module.wait(0s);
    is("a time server is asked (+QNTP)");
  }
  SECTION("a client") {
    host.receive("AT+QMTOPEN=2,\"h\",1883\r");
    module.wait(0s);
    is("client 2 is opening");
  }
  SECTION("URCs") {
    host.receive("AT+QCFG=\"urc/cache\",1\rAT+CREG=2\r");
    module.surround("{\"service\":\"none\"}");
    is("URCs wait");
  }
  SECTION("a fault of the surroundings") {
    static_cast<void>(module.modem.device().scenario().overlay([](emulator::device::Scene&) {}));
    is("a fault changes the surroundings");
  }
}

TEST_CASE("a module that boots or registers is not at rest [CTL-15]") {
  emulator::Modem::Settings settings;
  settings.device.boot = {1s, 1s, 1s, 1s, 1s, 1s, 5s};
  support::World world(settings);
  const auto busy = [&] { return world.modem.busy().value_or(""); };
  const auto until = [&](at::Duration time) { world.timeline.run_until(at::Time(time)); };
  world.modem.power_on();
  CHECK(busy() == "the module boots");
  until(1500ms);
  CHECK(busy() == "the module boots or powers down");
  until(2500ms);
  CHECK(busy() == "the SIM starts");
  until(60s);
  CHECK(busy().empty());
  world.modem.device().power().cut(1s);
  CHECK(busy() == "the module restarts");
}

TEST_CASE("a document of another kind is refused as such [CTL-15]") {
  Module module;
  auto document = module.saved();
  const auto refused = [&](Refusal::Kind kind, const std::string& field) {
    const auto refusal = emulator::snapshot::restore(module.modem, document);
    REQUIRE(refusal);
    CHECK(refusal->kind == kind);
    CHECK(refusal->field == field);
  };
  CHECK(document.at("format") == "eg91xq-snapshot");
  CHECK(document.at("version") == "1.0");
  SECTION("major version") {
    document["version"] = "2.0";
    refused(Refusal::Kind::other_kind, "version");
  }
  SECTION("minor version") {
    document["version"] = "1.7";
    CHECK_FALSE(emulator::snapshot::restore(module.modem, document));
  }
  SECTION("no version") {
    document["version"] = "1";
    refused(Refusal::Kind::damaged, "version");
    document["version"] = "1.0.0";
    refused(Refusal::Kind::damaged, "version");
  }
  SECTION("model") {
    document["model"] = "EG800Q";
    refused(Refusal::Kind::other_kind, "model");
  }
  SECTION("format") {
    document["format"] = "x";
    refused(Refusal::Kind::damaged, "format");
  }
  SECTION("a member that nobody knows") {
    document["module"]["power"]["more"] = 1;
    refused(Refusal::Kind::damaged, "module.power.more");
  }
  SECTION("a state that cannot be") {
    document["module"]["network"]["stat"] = 5;
    refused(Refusal::Kind::damaged, "module.network.stat");
  }
  SECTION("surroundings") {
    document["surroundings"]["signal"]["rsrp"] = 1;
    refused(Refusal::Kind::damaged, "surroundings.signal.rsrp");
  }
}

TEST_CASE("a damaged document is refused, and nothing changes [CTL-15]") {
  Module original;
  original.set_up(rich);
  const auto document = original.saved();
  Module module;
  const auto before = module.saved();

  // What is any text, or what only a person reads.
  const auto is_free = [](const std::string& path) {
    for (const auto* part :
         {"/said", "/last_line", "/imei", "/cause", "/flash/settings", "/version", "/model"})
      if (path.find(part) != std::string::npos) return true;
    return false;
  };
  // What was said or typed, as it was.
  const auto is_line = [](const std::string& path) {
    for (const auto* part : {"/held", "/csq", "/act", "/sqi", "/mode"})
      if (path.find(part) != std::string::npos) return true;
    return false;
  };
  const auto is_repeated = [](const std::string& path) {
    for (const auto* list : {"/clients/", "/ssl_contexts/", "/contexts/"})
      if (const auto at = path.find(list); at != std::string::npos)
        return path[at + std::string(list).size()] > '1';
    return false;
  };
  std::size_t tried = 0;
  const auto flat = document.flatten();
  for (const auto& [path, value] : flat.items()) {
    if (is_repeated(path)) continue;
    const json::json_pointer place(path);
    std::vector<json> damaged;
    auto removed = document;
    auto& parent = removed.at(place.parent_pointer());
    if (parent.is_object()) {
      parent.erase(place.back());
      damaged.push_back(removed);
    }
    std::vector<json> values{json::array({1}), 1e300};
    const bool may_be_missing = path.ends_with("/reported_zone");
    if (!value.is_null() && !may_be_missing) values.emplace_back(nullptr);
    if (!value.is_boolean()) values.emplace_back(true);
    if (value.is_number()) values.emplace_back(std::int64_t{-99'000'000'000'000});
    if (value.is_number()) values.emplace_back(std::uint64_t{18'000'000'000'000'000'000U});
    if (value.is_string() && !is_free(path)) values.emplace_back(std::string(300'000, '!'));
    if (value.is_string() && !is_free(path) && !is_line(path)) values.emplace_back("1\"2");
    if (!value.is_string()) values.emplace_back("1");
    for (auto& wrong : values) {
      damaged.push_back(document);
      damaged.back()[place] = std::move(wrong);
    }
    for (const auto& wrong : damaged) {
      ++tried;
      const auto refusal = emulator::snapshot::restore(module.modem, wrong);
      if (refusal && !refusal->field.empty() && refusal->kind == Refusal::Kind::damaged) continue;
      CAPTURE(path, wrong.contains(place) ? wrong.at(place).dump().substr(0, 40) : "removed");
      CHECK(refusal);
      if (refusal) CHECK(refusal->field == path);
    }
  }
  CHECK(tried > 1000);
  CHECK(module.saved() == before);
}

TEST_CASE("a flash that takes nothing keeps what it has, and the module too [CTL-15]") {
  Module original;
  original.set_up(rich);
  const auto document = original.saved();
  Module module;
  CHECK(module.files.write("old", "1"));
  const auto before = module.saved();
  SECTION("settings") { module.flash.writable = false; }
  SECTION("files") { module.files.writable = false; }
  const auto refusal = emulator::snapshot::restore(module.modem, document);
  REQUIRE(refusal);
  CHECK(refusal->kind == Refusal::Kind::full);
  module.flash.writable = module.files.writable = true;
  CHECK(module.saved() == before);
  restore(module, document);
  CHECK(module.saved() == document);
}

TEST_CASE("what belongs to the card goes to the card of the other module [CTL-15]") {
  Module original;
  original.set_up({"AT+CPOL=3,2,\"00101\"", "AT+CLCK=\"SC\",1,\"1234\""});
  const auto document = original.saved();
  emulator::Modem::Settings settings;
  settings.device.card = emulator::device::card_of(7);
  support::World other(settings);
  CHECK_FALSE(emulator::snapshot::restore(other.modem, document));
  CHECK(other.flash.settings.count("CPOL/" + settings.device.card.iccid) == 1);
  CHECK(other.flash.settings.count("SIM/" + settings.device.card.iccid) == 1);
}

TEST_CASE("channels that the document does not have start as new ones do [CTL-15]") {
  Module original;
  auto document = original.saved();
  REQUIRE(document.at("module").at("channels").size() == 2);
  document["module"]["channels"].erase(1);
  Module other;
  other.set_up({"2:ATE0"});
  restore(other, document);
  CHECK(other.answer(1, "AT") == "AT\r\r\nOK\r\n");
}

TEST_CASE("a document whose parts contradict each other is refused [CTL-15]") {
  Module original;
  original.set_up(rich);
  auto document = original.saved();
  Module module;
  const auto before = module.saved();
  const auto [path, value, field] = GENERATE(table<const char*, json, std::string>({
      {"/packet_data/last_error", 1, "last_error"},
      {"/packet_data/contexts/2/active", true, "active"},
      {"/packet_data/contexts/1/stack", true, "active"},
      {"/packet_data/contexts/1/by_service", true, "active"},
      {"/packet_data/contexts/0/dns/0/server", "9.9.9.999", "dns"},
      {"/network/attach", false, "active"},
      {"/network/stat", 2, "stat"},
      {"/network/wanted_plmn", "1234", "wanted_plmn"},
      {"/network/wanted_plmn", "0010x", "wanted_plmn"},
      {"/network/cause", std::string(65, 'x'), "cause"},
      {"/network/+CREG/said", std::string(65, '1'), "said"},
      {"/sim/pin/secret", "12a4", "secret"},
      {"/sim/pin2/secret", "123", "secret"},
      {"/sim/state", "starting", "state"},
      {"/sim/state", "unpowered", "state"},
      {"/sim/inserted", false, "state"},
      {"/data_counter/interval_s", 29, "interval_s"},
      {"/clients/0/will/willtopic", "a/#", "willtopic"},
      {"/ssl_contexts/0/ciphersuite", "0X0000", "ciphersuite"},
      {"/open_files/0/name", "b.bin", "name"},
  }));
  CAPTURE(path, value);
  const json::json_pointer place(path);
  REQUIRE(document.at("module").contains(place));
  document.at("module").at(place) = value;
  const auto refusal = emulator::snapshot::restore(module.modem, document);
  REQUIRE(refusal);
  CHECK(refusal->kind == Refusal::Kind::damaged);
  CHECK_THAT(refusal->field, Catch::StartsWith("module.") && Catch::EndsWith(field));
  CHECK_THAT(refusal->detail, !Catch::Contains("is not what the module would be like"));
  CHECK(module.saved() == before);
}

TEST_CASE("a document at the edge of what can be is taken [CTL-15]") {
  Module original;
  auto document = original.saved();
  const auto [path, value] = GENERATE(table<const char*, json>({
      {"/packet_data/last_error", 550},
      {"/packet_data/last_error", 579},
      {"/network/wanted_plmn", "00101"},
      {"/network/wanted_plmn", "001010"},
      {"/network/cause", std::string(64, 'x')},
      {"/network/+CREG/said", std::string(64, '1')},
      {"/sim/pin/secret", "12345678"},
      {"/data_counter/interval_s", 30},
      {"/packet_data/contexts/0/h_comp", 4},
      {"/packet_data/contexts/0/IPv4AddrAlloc", 1},
      {"/packet_data/contexts/0/request_type", 1},
      {"/sms/cnmi/bm", 2},
  }));
  CAPTURE(path, value);
  document.at("module").at(json::json_pointer(path)) = value;
  CHECK_FALSE(emulator::snapshot::restore(original.modem, document));
  CHECK(original.saved() == document);
}
