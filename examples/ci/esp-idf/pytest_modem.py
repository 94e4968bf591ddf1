"""What the application says; see CMakeLists.txt for how to run it. Not run here."""

import pytest
from pytest_embedded import Dut
from pytest_embedded_idf.utils import idf_parametrize


@pytest.mark.host_test
@idf_parametrize("target", ["linux"], indirect=["target"])
def test_a_reading_is_published(dut: Dut) -> None:
    dut.expect_exact("published: yes", timeout=30)
