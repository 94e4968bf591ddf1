"""The pytest plugin, in pytest runs of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

RUN = ("-p", "eg91xq.pytest_plugin", "-p", "no:cacheprovider")


@pytest.fixture(autouse=True)
def _in_this_process_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def run(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess(*RUN, *words)


FAILING = """
    import os
    def test_it(modem):
        port = os.open(modem.port, os.O_RDWR | os.O_NOCTTY)
        modem.expect("PB DONE")
        assert False
"""


def test_a_modem_for_each_test(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        ports = set()
        def test_one(modem):
            ports.add(modem.port)
            modem.fault("reply-drop")
        def test_other(modem):
            assert modem.port not in ports
            assert modem.faults() == []
        """
    )
    run(pytester).assert_outcomes(passed=2)


def test_options_by_ini_and_by_marker(pytester: pytest.Pytester) -> None:
    pytester.makeini(
        """
        [pytest]
        modem_model = EG915Q
        modem_seed = 5
        modem_faults = faults.json
        modem_args = --demo-broker off
        """
    )
    faults = [{"name": "slow", "type": "reply-delay", "params": {"ms": 5}}]
    (pytester.path / "faults.json").write_text(json.dumps(faults))
    pytester.makepyfile(
        """
        import pytest
        def test_ini(modem, modem_session):
            for each in (modem, modem_session):
                assert each.state()["model"] == "EG915Q"
                assert each.broker is None
            assert modem.seed == 5
            assert [fault["name"] for fault in modem.faults()] == ["slow"]
        @pytest.mark.modem(model="EG800Q", time_scale=7)
        class TestMarked:
            @pytest.mark.modem(seed=3)
            def test_marker(self, modem):
                state = modem.state()
                assert (state["model"], state["time"]["scale"]) == ("EG800Q", 7)
                assert modem.seed == 3
        """
    )
    run(pytester, "--strict-markers").assert_outcomes(passed=2)


def test_the_session_s_modem_is_reset_between_tests(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        pids = set()
        def test_one(modem_session):
            pids.add(modem_session.pid)
            modem_session.fault("reply-drop")
            modem_session.set(signal={"rsrp": -118})
            modem_session.urc("+QIND: 1")
        def test_other(modem_session):
            assert modem_session.pid in pids
            assert modem_session.faults() == []
            assert modem_session.state()["signal"]["rsrp"] == -85
            with pytest.raises(AssertionError):
                modem_session.expect({"kind": "control"}, within=0.01)
        """
    )
    run(pytester).assert_outcomes(passed=2)


def test_a_failure_has_the_journal_and_the_seed(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(FAILING)
    result = run(
        pytester, "--modem-artifacts", "kept", "--modem-seed", "7", "--junitxml", "junit.xml"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*modem journal (seed 7)*", "#* urc *uart1 *RDY*"])
    [file] = (pytester.path / "kept").iterdir()
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert "RDY" in [event.get("line") for event in lines]
    properties = (pytester.path / "junit.xml").read_text()
    assert '<property name="modem_seed" value="7" />' in properties
    assert f'<property name="modem_journal" value="{file}" />' in properties


def test_a_failure_of_another_fixture_has_it_too(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        @pytest.fixture
        def firmware(modem):
            modem.urc("+X")
            raise RuntimeError("does not boot")
        def test_it(firmware):
            pass
        """
    )
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*modem journal (seed 1)*", "#* control *+X*"])


def test_only_the_test_s_own_part_of_a_shared_journal(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        def test_one(modem_session):
            modem_session.urc("+FIRST")
        def test_two(modem_session):
            modem_session.urc("+SECOND")
            assert 0
        """
    )
    result = run(pytester, "--modem-artifacts", "kept")
    result.assert_outcomes(passed=1, failed=1)
    [file] = (pytester.path / "kept").iterdir()
    assert "+SECOND" in file.read_text() and "+FIRST" not in file.read_text()


def test_nothing_is_written_for_tests_that_pass(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(modem): pass")
    run(pytester, "--modem-artifacts", "kept").assert_outcomes(passed=1)
    assert not (pytester.path / "kept").exists()


def test_a_program_that_ends_is_told(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os, signal, pytest
        @pytest.mark.modem(demo_broker="off", port="tcp:0")
        def test_it(modem):
            os.kill(modem.pid, signal.SIGKILL)
            modem.state()
        """
    )
    result = run(pytester)
    result.assert_outcomes(failed=1, errors=1)
    result.stdout.fnmatch_lines(["*ModemError: eg91xq has ended with -9*"])


def test_a_shared_program_that_ends_is_started_again(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmodem_args = --demo-broker off --port tcp:0")
    pytester.makepyfile(
        """
        import os, signal, pytest
        from eg91xq import ModemError
        def test_one(modem_session):
            os.kill(modem_session.pid, signal.SIGKILL)
            with pytest.raises(ModemError):
                modem_session.expect("never", within=60)
        def test_two(modem_session):
            assert modem_session.state()["name"] == "modem0"
        """
    )
    run(pytester).assert_outcomes(passed=2)


def test_a_program_that_does_not_start_is_an_error(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.modem(latncy=1)
        def test_it(modem): pass
        """
    )
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*StartError*did you mean --latency*"])


def test_under_xdist_each_worker_has_its_own(pytester: pytest.Pytester, tmp_path: Path) -> None:
    pytest.importorskip("xdist")
    pytester.makepyfile(
        f"""
        import os, pytest
        @pytest.mark.parametrize("n", range(8))
        def test_it(modem_session, n):
            worker = os.environ["PYTEST_XDIST_WORKER"]
            open(f"{tmp_path}/{{worker}}-{{modem_session.pid}}", "w").close()
            assert n != 5
        """
    )
    result = run(pytester, "-n", "2", "--modem-artifacts", "kept")
    result.assert_outcomes(passed=7, failed=1)
    result.stdout.fnmatch_lines(["*modem_session journal (seed 1)*"])
    workers = sorted(path.name.split("-") for path in tmp_path.iterdir() if path.name[:2] == "gw")
    assert [worker for worker, _ in workers] == ["gw0", "gw1"]
    assert len({pid for _, pid in workers}) == 2
    assert len(list((pytester.path / "kept").iterdir())) == 1


IMPATIENT = """
    import os
    def test_it(modem):
        port = os.open(modem.port, os.O_RDWR | os.O_NOCTTY)
        modem.expect("PB DONE")
        os.write(port, b"AT+QFUPL=\\"f\\",6\\rsecret")
        modem.expect({"kind": "result", "line": "OK"})
"""


def test_what_the_lint_finds_fails_a_test(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nmodem_fail_on = lint stat\n")
    pytester.makepyfile(IMPATIENT)
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "modem: this was not to come:",
            "#* lint *uart1 *6 bytes of data for AT+QFUPL came before its prompt*"
            "rule=data-before-prompt*",
            "*modem journal (seed 1)*",
        ]
    )


def test_a_marker_says_what_fails_and_other_hosts_pass(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os, pytest
        def ask(modem, line):
            port = os.open(modem.port, os.O_RDWR | os.O_NOCTTY)
            modem.expect("PB DONE")
            os.write(port, line)
            modem.expect({"kind": "result"})
        @pytest.mark.modem(fail_on="lint")
        def test_patient(modem):
            ask(modem, b"AT+CSQ\\r")
        @pytest.mark.modem(fail_on=["result"])
        def test_other_kind(modem):
            ask(modem, b"AT+CSQ\\r")
        def test_not_asked_for(modem):
            ask(modem, b"AT+CSQ\\rAT+CREG?\\r")
        @pytest.mark.modem(fail_on="lint", args=["--lint-off", "command-before-result"])
        def test_silenced(modem):
            ask(modem, b"AT+CSQ\\rAT+CREG?\\r")
        """
    )
    run(pytester, "--strict-markers").assert_outcomes(passed=3, failed=1)


def test_what_is_known_at_the_end_alone_is_an_error_of_the_fixture(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import os, pytest, time
        @pytest.mark.modem(fail_on="lint", latency="instant", time_scale=100)
        def test_it(modem):
            port = os.open(modem.port, os.O_RDWR | os.O_NOCTTY)
            def ask(line, *answer):
                os.write(port, line + b"\\r")
                modem.expect({"kind": "result", "line": "OK"}, *answer, within=500)
            modem.expect("PB DONE")
            ask(b'AT+QMTCFG="keepalive",0,3600')
            ask(b'AT+QMTOPEN=0,"broker.demo",1883', "QMTOPEN: 0,0")
            os.write(port, b"AT+QMTCFG=\\"recv/mode\\",0,1\\r")
            modem.expect({"kind": "result"})
            modem.fault("broker-disconnect")
            modem.expect({"kind": "stat"}, within=500)
            modem.expect(none={"kind": "lint"}, within=40)
        """
    )
    result = run(pytester)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["#* lint *client 0 was not opened again in the *"])


def test_a_kind_that_is_none_is_refused(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        @pytest.mark.modem(fail_on="lnt")
        def test_it(modem):
            pass
        """
    )
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fail_on: 'lnt' is none of rx, tx, *"])
