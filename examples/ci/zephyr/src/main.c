/* Publishes a reading through the modem at the UART modem-uart. */
#include <zephyr/device.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>
#include <zephyr/ztest.h>

#include <string.h>

#define PATIENCE_MS 5000

static const struct device *const modem = DEVICE_DT_GET(DT_ALIAS(modem_uart));

static void say(const char *words)
{
	for (; *words != '\0'; ++words) {
		uart_poll_out(modem, *words);
	}
}

/* Reads up to the answer, and not beyond. */
static bool wait_for(const char *answer)
{
	char heard[32] = "";
	const size_t size = strlen(answer);
	const int64_t end = k_uptime_get() + PATIENCE_MS;

	while (k_uptime_get() < end) {
		unsigned char next;

		if (uart_poll_in(modem, &next) != 0) {
			k_msleep(1);
			continue;
		}
		memmove(heard, heard + 1, size - 1);
		heard[size - 1] = next;
		if (memcmp(heard, answer, size) == 0) {
			return true;
		}
	}
	return false;
}

static void ask(const char *command, const char *answer)
{
	say(command);
	say("\r");
	zassert_true(wait_for(answer), "%s: no %s", command, answer);
}

ZTEST(publish, test_a_reading_is_published)
{
	zassert_true(device_is_ready(modem), "the UART is not ready");
	/* The modem is switched on when its port is opened. */
	zassert_true(wait_for("PB DONE"), "the modem does not start");
	ask("AT", "OK\r\n");
	ask("AT+QMTOPEN=0,\"broker.demo\",1883", "+QMTOPEN: 0,0");
	ask("AT+QMTCONN=0,\"sensor\"", "+QMTCONN: 0,0,0");
	ask("AT+QMTPUBEX=0,1,1,0,\"plant/1\",4", "> ");
	say("21.5");
	zassert_true(wait_for("+QMTPUBEX: 0,1,0"), "it was not published");
	ask("AT+QMTDISC=0", "+QMTDISC: 0,0");
}

ZTEST_SUITE(publish, NULL, NULL, NULL, NULL, NULL);
