/* As much of Unity as the recipes' tests use. */
#ifndef UNITY_H
#define UNITY_H

#include <setjmp.h>
#include <stdio.h>

void setUp(void);
void tearDown(void);

static jmp_buf unity_end;
static int unity_failures;

#define TEST_ASSERT_TRUE_MESSAGE(what, message)                                \
  do {                                                                         \
    if (!(what)) {                                                             \
      printf("%s:%d:%s:FAIL: %s\n", __FILE__, __LINE__, __func__, message);    \
      longjmp(unity_end, 1);                                                   \
    }                                                                          \
  } while (0)
#define TEST_ASSERT_TRUE(what) TEST_ASSERT_TRUE_MESSAGE(what, #what)
#define TEST_ASSERT_NOT_NULL_MESSAGE(what, message) TEST_ASSERT_TRUE_MESSAGE((what) != NULL, message)
#define TEST_ASSERT_EQUAL_INT_MESSAGE(want, is, message) \
  TEST_ASSERT_TRUE_MESSAGE((want) == (is), message)

static void unity_run(void (*test)(void)) {
  if (setjmp(unity_end) == 0) {
    setUp();
    test();
  } else {
    ++unity_failures;
  }
  if (setjmp(unity_end) == 0) tearDown();
}

#define UNITY_BEGIN() (unity_failures = 0)
#define RUN_TEST(test) unity_run(test)
#define UNITY_END() (unity_failures)

#endif
