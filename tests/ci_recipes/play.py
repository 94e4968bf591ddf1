"""Plays recipes without the service that they are for.

play.py github TREE TARBALL: the workflow's jobs, step by step, as a runner does
play.py jenkins TREE TARBALL: the shell lines of the Jenkinsfile
play.py platformio TREE BUILD-DIRECTORY: the command of its test; the program is there
play.py compose TREE PROGRAM: the commands of the compose file, in a network of their own
TREE has examples/; each play works in a copy of its own in the current directory."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import yaml

OURS = re.compile("EG91XQ|MODEM_|GITHUB_")
PLAIN = {name: value for name, value in os.environ.items() if not OURS.match(name)}


def check(holds: object, what: str) -> None:
    if not holds:
        sys.exit(f"play.py: {what}")


def copied(tree: Path, name: str) -> Path:
    place = Path(name).resolve()
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(tree / "examples", place / "examples")
    return place


def end(pid: int) -> None:
    try:
        while True:
            os.kill(pid, signal.SIGTERM)
            time.sleep(0.05)
    except ProcessLookupError:
        pass


def pairs(lines: list[str]) -> dict[str, str]:
    return {name: value for name, _, value in (line.partition("=") for line in lines)}


def shellcheck(script: str, where: str) -> None:
    said = subprocess.run(
        ["shellcheck", "-s", "bash", "-"], input=script, text=True, stdout=subprocess.PIPE
    )
    check(said.returncode == 0, f"shellcheck of {where}: {said.stdout}")


class Job:
    """A job of GitHub: its steps with what passes between them."""

    def __init__(self, workspace: Path, variables: dict[str, str]) -> None:
        self.workspace = workspace
        self.temp = workspace.parent / f"{workspace.name}-temp"
        shutil.rmtree(self.temp, ignore_errors=True)
        self.temp.mkdir()
        self.variables = variables
        self.environment: dict[str, str] = {}
        self.path: list[str] = []
        self.failed = False
        self.uploaded: list[str] = []

    def play(
        self,
        steps: list[dict[str, Any]],
        inputs: dict[str, str] | None = None,
        action: Path | None = None,
    ) -> dict[str, Any]:
        """What expressions behind the steps may name. `inputs` and `action` are those of a composite
        action."""
        names: dict[str, Any] = {
            "inputs": inputs,
            "vars": self.variables,
            "steps": {},
            "github": {
                "server_url": "https://github.com",
                "action_repository": "",
                "repository": "owner/eg91xq",
            },
        }
        for step in steps:
            name = step.get("name") or step.get("uses") or step["run"].splitlines()[0]
            condition = step.get("if", "success()")
            if not re.search(r"(success|failure|always)\(\)", condition):
                condition = f"success() && {condition}"
            if not self.value(condition, names):
                print(f"  - {name}: not due")
                continue
            print(f"  - {name}", flush=True)
            outputs = self.use(step, names) if "uses" in step else self.run(step, names, action)
            if "id" in step:
                names["steps"][step["id"]] = {"outputs": outputs}
        return names

    def value(self, expression: str, names: dict[str, Any]) -> Any:
        """Of the expressions of GitHub those that are in use."""
        for sign, enough in (("||", True), ("&&", False)):
            if sign in expression:
                left, right = expression.split(sign, 1)
                one = self.value(left, names)
                return one if bool(one) == enough else self.value(right, names)
        if "!=" in expression:
            left, right = expression.split("!=")
            return self.value(left, names) != self.value(right, names)
        word = expression.strip()
        if word in ("success()", "failure()"):
            return self.failed == (word == "failure()")
        if word.startswith("'"):
            return word.strip("'")
        value: Any = names
        for part in word.split("."):
            check(isinstance(value, dict) and part in value, f"there is no {word}")
            value = value[part]
        return value

    def filled(self, text: Any, names: dict[str, Any]) -> str:
        return re.sub(r"\$\{\{(.*?)\}\}", lambda found: str(self.value(found[1], names)), str(text))

    def use(self, step: dict[str, Any], names: dict[str, Any]) -> dict[str, str]:
        given = {name: self.filled(value, names) for name, value in step.get("with", {}).items()}
        if step["uses"].startswith("actions/upload-artifact@"):
            saw = {file.name for file in (self.workspace / given["path"]).iterdir()}
            check({"journal.ndjson", "trace.txt", "log.txt"} <= saw, f"only {saw} to upload")
            self.uploaded.append(given["name"])
            return {}
        if step["uses"].startswith("actions/checkout@"):
            return {}
        check(step["uses"].startswith("./"), f"what is {step['uses']}?")
        directory = self.workspace / step["uses"]
        action = yaml.safe_load((directory / "action.yml").read_text())
        unknown = given.keys() - action["inputs"].keys()
        check(not unknown, f"the action has no inputs {unknown}")
        inputs = {name: given.get(name, about["default"]) for name, about in action["inputs"].items()}
        inside = self.play(action["runs"]["steps"], inputs, directory)
        if self.failed:
            return {}
        return {name: self.filled(about["value"], inside) for name, about in action["outputs"].items()}

    def run(self, step: dict[str, Any], names: dict[str, Any], action: Path | None) -> dict[str, str]:
        script = self.filled(step["run"], names)
        shellcheck(script, step["run"].splitlines()[0])
        files = {name: self.temp / name for name in ("GITHUB_ENV", "GITHUB_PATH", "GITHUB_OUTPUT")}
        for file in files.values():
            file.write_text("")
        environment = {
            **PLAIN,
            **self.environment,
            **{name: str(file) for name, file in files.items()},
            **{name: self.filled(value, names) for name, value in step.get("env", {}).items()},
            "PATH": os.pathsep.join([*reversed(self.path), PLAIN["PATH"]]),
            "RUNNER_TEMP": str(self.temp),
        }
        if action is not None:
            check(step.get("shell") == "bash", "a step of a composite action names no shell")
            environment["GITHUB_ACTION_PATH"] = str(action)
        command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
        done = subprocess.run(command, cwd=self.workspace, env=environment, timeout=120)
        self.failed |= done.returncode != 0
        written = {name: file.read_text().splitlines() for name, file in files.items()}
        self.path += written["GITHUB_PATH"]
        self.environment.update(pairs(written["GITHUB_ENV"]))
        return pairs(written["GITHUB_OUTPUT"])


def github(tree: Path, tarball: str) -> None:
    workflow = tree / "examples/ci/github/workflow.yml"

    def play(name: str, steps: list[dict[str, Any]]) -> Job:
        print(f"job {name}")
        job = Job(copied(tree, f"github-{name}"), {"EG91XQ_TARBALL": tarball})
        try:
            job.play(steps)
        finally:
            # Also where the action has not handed it on.
            for file in job.workspace.glob("*/environment"):
                end(int(pairs(file.read_text().splitlines())["MODEM_PID"]))
        return job

    for name, about in yaml.safe_load(workflow.read_text())["jobs"].items():
        job = play(name, about["steps"])
        check(not job.failed and not job.uploaded, f"job {name} fails")
        for variable in ("PORT", "PORTS", "BROKER_HOST", "BROKER_PORT", "CONTROL"):
            check(job.environment.get(f"MODEM_{variable}"), f"job {name}: no MODEM_{variable}")

    # The same with firmware that does not work.
    for name, about in yaml.safe_load(workflow.read_text())["jobs"].items():
        for step in about["steps"]:
            if "command" in step.get("with", {}):
                step["with"]["command"] = "false"
            if step.get("run") == "./host":
                step["run"] = "false"
        job = play(f"{name}-failing", about["steps"])
        check(job.failed and job.uploaded == [f"modem-{name}"], f"job {name} keeps nothing when it fails")


def jenkins(tree: Path, tarball: str) -> None:
    file = tree / "examples/ci/jenkins/Jenkinsfile"
    stages = re.findall(r"sh '''(.*?)'''", file.read_text(), re.DOTALL)
    check(len(stages) == 2, "the Jenkinsfile has other lines than two stages")
    for host in ("./host", "false"):
        place = copied(tree, "jenkins")
        codes = []
        for script in stages:
            shellcheck(script, "the Jenkinsfile")
            command = ["sh", "-xec", script.replace("ci.sh modem ./host", f"ci.sh modem {host}")]
            environment = {**PLAIN, "EG91XQ_TARBALL": tarball}
            done = subprocess.run(command, cwd=place, env=environment, timeout=120)
            codes.append(done.returncode)
        check(codes == [0, 0 if host == "./host" else 1], f"with {host} the stages end with {codes}")
        kept = (place / "modem/journal.ndjson").exists()
        check(kept == (host == "false"), f"with {host} the journal is {'' if kept else 'not '}kept")


def platformio(tree: Path, build_directory: str) -> None:
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(tree / "examples/ci/platformio/platformio.ini")
    command = settings["env:native"]["test_testing_command"].split()
    there = {"${platformio.build_dir}": build_directory, "${this.__env__}": "native"}
    for theirs, ours in there.items():
        command = [word.replace(theirs, ours) for word in command]
    check(subprocess.run(command, env=PLAIN, timeout=60).returncode == 0, f"{command} fails")
    check(Path(build_directory, "native/journal.ndjson").exists(), "there is no journal")


def compose(tree: Path, program: str) -> None:
    hidden = ["unshare", "--map-root-user", "--net", "--mount", "--pid", "--fork", "--kill-child"]
    if subprocess.run([*hidden, "true"], stderr=subprocess.DEVNULL).returncode != 0:
        print("skipped: the commands of the compose file: no right to make namespaces")
        return
    command = [*hidden, sys.executable, __file__, "compose-inside", str(tree), program]
    sys.exit(subprocess.run(command).returncode)


def compose_inside(tree: Path, program: str) -> None:
    place = copied(tree, "compose")
    scratch = place / "tmp"
    scratch.mkdir()
    services = yaml.safe_load((place / "examples/ci/compose/compose.yml").read_text())["services"]
    (scratch / "hosts").write_text(f"127.0.0.1 localhost {' '.join(services)}\n")
    subprocess.run(["mount", "--bind", scratch / "hosts", "/etc/hosts"], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)

    # What the images have.
    (scratch / "broker.conf").write_text("listener 1883\nallow_anonymous true\nuser root\n")
    bin_directory = place / "bin"
    bin_directory.mkdir()
    (bin_directory / "eg91xq").symlink_to(program)
    subprocess.run([place / "examples/ci/host/build.sh", bin_directory / "host"], check=True)
    entrypoints = {"broker": "", "modem": "eg91xq ", "tests": ""}
    there = {
        "/mosquitto-no-auth.conf": f"{scratch}/broker.conf",
        "/tests/": f"{place}/examples/ci/compose/",
        "/tmp/": f"{scratch}/",
        "$$": "$",
    }

    def here(command: str) -> str:
        return re.sub("|".join(map(re.escape, there)), lambda found: there[found[0]], command)

    path = f"{bin_directory}:{PLAIN['PATH']}:/usr/sbin"
    environment = {**PLAIN, "PATH": path, "MODEM_CONTROL": f"unix:{scratch}/control"}
    for name, service in services.items():
        for needed, about in service.get("depends_on", {}).items():
            healthy(services[needed]["healthcheck"], about["condition"], here, environment)
        command = shlex.split(entrypoints[name] + here(service["command"]))
        process = subprocess.Popen(command, env={**environment, **service.get("environment", {})})
    check(process.wait(60) == 0, "the tests fail")
    # The modem writes behind what happens, and goes on.
    for _ in range(100):
        if "plant/1" in (scratch / "journal.ndjson").read_text():
            return
        time.sleep(0.1)
    check(False, "the journal does not tell")


def healthy(check_up: dict[str, Any], condition: str, here: Any, environment: dict[str, str]) -> None:
    check(condition == "service_healthy", f"what is {condition}?")
    for _ in range(check_up["retries"]):
        command = here(check_up["test"])
        done = subprocess.run(command, shell=True, env=environment, stdout=subprocess.DEVNULL)
        if done.returncode == 0:
            return
        time.sleep(float(check_up["interval"].rstrip("s")))
    check(False, f"{check_up['test']} does not succeed")


if __name__ == "__main__":
    PLAYS = {"github": github, "jenkins": jenkins, "platformio": platformio, "compose": compose}
    PLAYS["compose-inside"] = compose_inside
    PLAYS[sys.argv[1]](Path(sys.argv[2]).resolve(), sys.argv[3])
