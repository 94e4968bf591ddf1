// Cipher suites by their 16-bit codes, as AT+QSSLCFG="ciphersuite" names them: which codes there
// are, how a list of them is typed and printed, and what they are called. Pure; no owner.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ssl_ctx {

struct Suite {
  std::uint16_t code;
  std::string_view name;  // of the IANA registry, without "TLS_"
};

using SuiteList = std::vector<std::uint16_t>;

/// Stands alone for every suite that there is.
constexpr std::uint16_t all_suites = 0xFFFF;
constexpr std::size_t max_suites = 7;

/// How many of `suites`, from the first, the test form of the command lists.
constexpr std::size_t listed_suites = 32;

constexpr std::array<Suite, 47> suites{{
    {0x0035, "RSA_WITH_AES_256_CBC_SHA"},
    {0x002F, "RSA_WITH_AES_128_CBC_SHA"},
    {0x0005, "RSA_WITH_RC4_128_SHA"},
    {0x0004, "RSA_WITH_RC4_128_MD5"},
    {0x000A, "RSA_WITH_3DES_EDE_CBC_SHA"},
    {0x003D, "RSA_WITH_AES_256_CBC_SHA256"},
    {0xC002, "ECDH_ECDSA_WITH_RC4_128_SHA"},
    {0xC003, "ECDH_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    {0xC004, "ECDH_ECDSA_WITH_AES_128_CBC_SHA"},
    {0xC005, "ECDH_ECDSA_WITH_AES_256_CBC_SHA"},
    {0xC007, "ECDHE_ECDSA_WITH_RC4_128_SHA"},
    {0xC008, "ECDHE_ECDSA_WITH_3DES_EDE_CBC_SHA"},
    {0xC009, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA"},
    {0xC00A, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA"},
    {0xC00C, "ECDH_RSA_WITH_RC4_128_SHA"},
    {0xC00D, "ECDH_RSA_WITH_3DES_EDE_CBC_SHA"},
    {0xC00E, "ECDH_RSA_WITH_AES_128_CBC_SHA"},
    {0xC00F, "ECDH_RSA_WITH_AES_256_CBC_SHA"},
    {0xC011, "ECDHE_RSA_WITH_RC4_128_SHA"},
    {0xC012, "ECDHE_RSA_WITH_3DES_EDE_CBC_SHA"},
    {0xC013, "ECDHE_RSA_WITH_AES_128_CBC_SHA"},
    {0xC014, "ECDHE_RSA_WITH_AES_256_CBC_SHA"},
    {0xC023, "ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"},
    {0xC024, "ECDHE_ECDSA_WITH_AES_256_CBC_SHA384"},
    {0xC025, "ECDH_ECDSA_WITH_AES_128_CBC_SHA256"},
    {0xC026, "ECDH_ECDSA_WITH_AES_256_CBC_SHA384"},
    {0xC027, "ECDHE_RSA_WITH_AES_128_CBC_SHA256"},
    {0xC028, "ECDHE_RSA_WITH_AES_256_CBC_SHA384"},
    {0xC029, "ECDH_RSA_WITH_AES_128_CBC_SHA256"},
    {0xC02A, "ECDH_RSA_WITH_AES_256_CBC_SHA384"},
    {0xC02F, "ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
    {0xC030, "ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
    {0x003C, "RSA_WITH_AES_128_CBC_SHA256"},
    {0x008C, "PSK_WITH_AES_128_CBC_SHA"},
    {0x008D, "PSK_WITH_AES_256_CBC_SHA"},
    {0x009C, "RSA_WITH_AES_128_GCM_SHA256"},
    {0x009D, "RSA_WITH_AES_256_GCM_SHA384"},
    {0x00A8, "PSK_WITH_AES_128_GCM_SHA256"},
    {0x00A9, "PSK_WITH_AES_256_GCM_SHA384"},
    {0x00AE, "PSK_WITH_AES_128_CBC_SHA256"},
    {0x00AF, "PSK_WITH_AES_256_CBC_SHA384"},
    {0xC02B, "ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"},
    {0xC02C, "ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"},
    {0xC0A8, "PSK_WITH_AES_128_CCM_8"},
    {0xC0AE, "ECDHE_ECDSA_WITH_AES_128_CCM_8"},
    {0xCCA8, "ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256"},
    {0xCCA9, "ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
}};

/// Reads one code or up to `max_suites` joined with ':', each as 0xFFFF, 0XFFFF or FFFF in any
/// case. Nothing when a code is in no table, or when `all_suites` does not stand alone.
std::optional<SuiteList> parse_suites(std::string_view text);

/// As the modem prints them: `0XC02F:0X0035`.
std::string print_suites(const SuiteList& list);

/// OpenSSL's cipher list for the suites that this OpenSSL has, in the given order, without
/// `all_suites`. Empty when it has none of them.
std::string openssl_list(const SuiteList& list);

}  // namespace ssl_ctx
