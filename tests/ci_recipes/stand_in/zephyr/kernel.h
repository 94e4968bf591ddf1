#include <zephyr/ztest.h>
