#include "tests/support/web_server.hpp"

#include "conformance/run/mosquitto.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include <fmt/format.h>

namespace support {
namespace {

void write(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

constexpr auto configuration_text = R"(daemon off;
master_process off;
pid {0}/pid;
error_log stderr notice;
events {{ worker_connections 64; }}
http {{
  client_body_temp_path {0}/tmp;
  proxy_temp_path {0}/tmp;
  fastcgi_temp_path {0}/tmp;
  scgi_temp_path {0}/tmp;
  uwsgi_temp_path {0}/tmp;
  log_format judged escape=json '$request|$status|$http_user_agent|$http_content_type|$connection';
  access_log /dev/stderr judged;
  client_max_body_size 2m;
  client_body_buffer_size 2m;
  server {{
    listen 127.0.0.1:{1};
    listen 127.0.0.1:{2} ssl;
    server_name localhost;
    ssl_certificate {3};
    ssl_certificate_key {4};
    root {0}/served;
    location /up/ {{ dav_methods PUT; create_full_put_path on; }}
    location /chunked/ {{ ssi on; ssi_types *; }}
    location = /moved {{ return 302 http://127.0.0.1:{1}/small; }}
    location = /near {{ return 302 /small; absolute_redirect off; }}
    location = /echo {{ proxy_pass http://127.0.0.1:{1}/body; proxy_set_header X-Body $request_body; }}
    location = /body {{ return 200 $http_x_body; }}
    location = /guarded {{ auth_basic "x"; auth_basic_user_file {0}/users; try_files /small =404; }}
  }}
}}
)";

}  // namespace

WebServer::WebServer()
    : port_(conformance::held_port()), tls_port_(conformance::held_port()), program_([this] {
        for (const auto* folder : {"served", "served/up", "served/chunked", "tmp"})
          std::filesystem::create_directories(directory_.file(folder));
        write(directory_.file("users"), "user:{PLAIN}pass\n");
        write(directory_.file("nginx.conf"), configuration());
        return std::vector<std::string>{
            "setpriv", "--pdeathsig",       "KILL", "nginx",
            "-p",      directory_.file(""), "-c",   directory_.file("nginx.conf")};
      }()) {
  if (!program_.wait_for_err("OS: "))
    throw std::runtime_error("nginx does not start: " + program_.err());
}

std::string WebServer::configuration() const {
  return fmt::format(configuration_text,
                     std::filesystem::path(directory_.file("")).parent_path().string(), port_,
                     tls_port_, certificates_.path("server.pem"), certificates_.path("server.key"));
}

void WebServer::serve(const std::string& name, const std::string& content) const {
  write(directory_.file("served/" + name), content);
}

std::string WebServer::uploaded(const std::string& name) const {
  return contents(directory_.file("served/up/" + name));
}

bool WebServer::logged(std::string_view text) { return program_.wait_for_err(text); }

}  // namespace support
