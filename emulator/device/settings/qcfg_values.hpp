// What AT+QCFG sets, with the factory's values (manual 4.4). Plain values: the keys in
// qcfg_keys.cpp say what each may be, and whoever acts on one reads it here. Owned by Qcfg.
#pragma once

#include <array>
#include <string>

namespace emulator::device {

struct QcfgValues {
  /// How RI tells of something.
  struct Ring {
    std::string type = "pulse";  // off or pulse
    int duration_ms = 120;
    int count = 1;
  };

  Ring ri_ring{};
  Ring ri_sms_incoming{};
  Ring ri_other{};
  bool ri_level = false;
  int cmux_urc_port = 0;  // 0 all, 1 to 4
  bool cmux_baud_rate_works = false;
  int urc_delay_ms = 0;
  bool urc_cache = false;
  std::string urc_port{};
  std::string ri_signal_type = "respective";
  int roam_service = 255;  // 1 not allowed, 2 allowed, 255 as the SIM says
  bool roam_at_once = true;
  std::string band = "0x0";
  std::string lte_band{};  // hex mask, bit 0 is band 1; the factory's is the model's
  bool acquisition = false;
  int acquisition_s = 3600;
  int usbnet = 1;  // 1 ECM, 3 RNDIS
  bool ap_restarts = false;
  bool modem_restarts = false;
  int ntp_tries = 3;
  int ntp_interval_s = 15;
  int led_mode = 0;
  bool nat = false;
  bool netmask_set = false;
  std::string netmask{};
  bool ppp_term_frame = false;
  std::array<std::string, 4> tuner_bands{};
  std::array<int, 2> tcp_window_kb{16, 16};  // receive, transmit
  int tcp_send_mode = 0;
  bool fast_power_off = false;
  int fota_cid = 1;
  bool auto_connect = false;
  int sms_me_places = 255;

  // Keys of sibling modules (knob qcfg-siblings): kept, and nothing acts on them.
  int sibling_effect = 1;
  std::string nb_band{};
  int nw_scan_mode = 0;
  std::string nw_scan_seq = "00";
  int iot_op_mode = 0;
  bool gprs_attach = true;
  int service_domain = 1;
  int ims = 0;
  bool psm_urc = false;
  int ce_level = 0;
  bool ap_ready = false;
  bool ap_ready_level = false;
  int ap_ready_ms = 500;
};

}  // namespace emulator::device
