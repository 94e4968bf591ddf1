/* lwIP as firmware has it that dials with a modem: no system, one loop, PPP over a serial line
 * with PAP and CHAP, DNS, TCP of a window above 64 kB. IPv6 and VJ are on, as in most builds, so
 * that the modem is asked for both; it echoes LCP every second. Sums of all packets are checked. */
#pragma once

#define NO_SYS 1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET 0
#define LWIP_NETCONN 0
#define LWIP_ARP 0
#define LWIP_ETHERNET 0
#define LWIP_IPV4 1
#define LWIP_IPV6 1
#define IPV6_FRAG_COPYHEADER 1
#define LWIP_RAW 1
#define LWIP_DNS 1
#define DNS_MAX_RETRIES 4

#define MEM_ALIGNMENT 8
#define MEM_LIBC_MALLOC 1
#define MEMP_MEM_MALLOC 1
#define PBUF_POOL_BUFSIZE 1600

#define TCP_MSS 1460
#define LWIP_WND_SCALE 1
#define TCP_RCV_SCALE 2
#define TCP_WND (128 * TCP_MSS)
#define TCP_SND_BUF (32 * TCP_MSS)
#define TCP_SND_QUEUELEN 128
#define MEMP_NUM_TCP_SEG 128

#define PPP_SUPPORT 1
#define PPPOS_SUPPORT 1
#define PAP_SUPPORT 1
#define CHAP_SUPPORT 1
#define LCP_ECHOINTERVAL 1
#define LCP_MAXECHOFAILS 10

#define LWIP_STATS 1
#define LWIP_STATS_LARGE 1
#define LWIP_CHECKSUM_ON_COPY 0
