"""Where people run plimsoll, as they get it: the wheel, the hooks of pre-commit, the action of GitHub, and what the pages say of them.

It is run by a Python that has `maturin`, `pre-commit` and `pyyaml`:

    python tests/packaging.py

The wheel is built first; `PLIMSOLL_PROFILE=dev` does so without optimizing.
"""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent
WHEELS = ROOT / "target" / "wheels"
VERSION = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]["version"]

BAD = "FROM alpine:3.22\nENV NAME value\nCOPY a /b\n"
FIXED = "FROM alpine:3.22\nENV NAME=value\nCOPY a /b\n"
UNFIXABLE = "FROM alpine:latest\n"
GOOD = "FROM alpine:3.22\n"


def run(*command, cwd, env=None, succeeds=True):
    """Runs a command; gives what it said."""
    done = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if succeeds and done.returncode != 0:
        raise AssertionError(f"{command}: exit code {done.returncode}\n{done.stdout}")
    return done


def setUpModule():
    """Builds the wheel, and fetches what pip builds the project of the hooks with."""
    if WHEELS.exists():
        shutil.rmtree(WHEELS)
    profile = os.environ.get("PLIMSOLL_PROFILE", "release")
    run(SCRIPTS / "maturin", "build", "--profile", profile, "--out", str(WHEELS), cwd=ROOT / "python")
    run(sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(WHEELS), "setuptools", cwd=ROOT)


class Scratch(unittest.TestCase):
    """A test with a directory of its own, and with neither Rust nor a package registry."""

    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.directory = Path(directory.name)
        home = self.directory / "home"
        home.mkdir()
        # Whoever asks for Rust is found out.
        programs = self.directory / "programs"
        for name in ("cargo", "rustc", "maturin"):
            self.write(f"programs/{name}", "#!/bin/sh\necho there is no Rust here\nexit 97\n")
            (programs / name).chmod(0o755)
        self.env = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "HOME": str(home),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(WHEELS),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "a",
            "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "a",
            "GIT_COMMITTER_EMAIL": "a@example.com",
        }

    def write(self, name, text):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def commit(self, repository):
        """Makes a repository of a directory."""
        for command in (["init", "--quiet"], ["add", "--all", "--force"], ["commit", "--quiet", "--message", "all"]):
            run("git", *command, cwd=repository, env=self.env)


class Wheel(Scratch):
    def test_carries_the_program_and_nothing_else(self):
        environment = self.directory / "environment"
        run(sys.executable, "-m", "venv", str(environment), cwd=self.directory)
        pip = [str(environment / "bin" / "python"), "-m", "pip"]
        run(*pip, "install", "--quiet", f"plimsoll-lint=={VERSION}", cwd=self.directory, env=self.env)
        program = environment / "bin" / "plimsoll"
        self.assertEqual(run(str(program), "--version", cwd=self.directory).stdout, f"plimsoll {VERSION}\n")
        self.write("Dockerfile", UNFIXABLE)
        done = run(str(program), "check", cwd=self.directory, succeeds=False)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("DL3007", done.stdout)
        [metadata] = environment.glob("lib/*/site-packages/plimsoll_lint-*.dist-info/METADATA")
        fields = metadata.read_text().split("\n\n")[0].split("\n")
        self.assertIn("License-Expression: MIT OR Apache-2.0", fields)
        self.assertEqual([field for field in fields if field.startswith("Requires-Dist")], [])
        run(*pip, "uninstall", "--quiet", "--yes", "plimsoll-lint", cwd=self.directory, env=self.env)
        self.assertFalse(program.exists())


class Hooks(Scratch):
    """The real pre-commit, on a scratch repository, with the hooks of a copy of this project."""

    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        # What pre-commit installed for one test is there for the next.
        cls.installed = Path(directory.name) / "installed"
        cls.project = Path(directory.name) / "plimsoll"
        listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).stdout
        for name in filter(None, listed.split("\0")):
            source, target = ROOT / name, cls.project / name
            # The fixtures are many, and none of pre-commit's business.
            if name.startswith("fixtures/") or not source.is_file():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)

    def setUp(self):
        super().setUp()
        self.env["PRE_COMMIT_HOME"] = str(self.installed)
        if not (self.project / ".git").exists():
            self.commit(self.project)
        self.revision = run("git", "rev-parse", "HEAD", cwd=self.project, env=self.env).stdout.strip()

    def repository(self, files, hooks):
        repository = self.directory / "repository"
        for name, text in files.items():
            self.write(f"repository/{name}", text)
        configuration = {"repos": [{"repo": str(self.project), "rev": self.revision, "hooks": hooks}]}
        self.write("repository/.pre-commit-config.yaml", yaml.safe_dump(configuration))
        self.commit(repository)
        return repository

    def pre_commit(self, repository):
        run("git", "add", "--all", cwd=repository, env=self.env)
        command = [str(SCRIPTS / "pre-commit"), "run", "--all-files", "--color=never"]
        return run(*command, cwd=repository, env=self.env, succeeds=False)

    def test_check(self):
        files = {"api/Dockerfile": UNFIXABLE, "web/Dockerfile": GOOD, "README.md": "FROM alpine:latest\n"}
        repository = self.repository(files, [{"id": "plimsoll"}, {"id": "plimsoll-ignore"}])
        done = self.pre_commit(repository)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("api/Dockerfile:1:13", done.stdout)
        self.assertIn("Checked 2 files: 1 warning.", done.stdout)
        self.assertIn("(no files to check)", done.stdout)
        (repository / "api/Dockerfile").write_text(GOOD)
        done = self.pre_commit(repository)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_ignore_files(self):
        files = {"app/.dockerignore": "node_modules\n*.{js,ts}\n", "Dockerfile": UNFIXABLE}
        repository = self.repository(files, [{"id": "plimsoll-ignore"}])
        done = self.pre_commit(repository)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("app/.dockerignore:2", done.stdout)
        self.assertIn("Checked 1 file:", done.stdout)
        (repository / "app/.dockerignore").write_text("node_modules\n*.js\n*.ts\n")
        done = self.pre_commit(repository)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_options(self):
        files = {"Dockerfile": UNFIXABLE + "COPY missing.txt /\n"}
        arguments = ["--context=.", "--ignore=no-latest-tag"]
        repository = self.repository(files, [{"id": "plimsoll", "args": arguments}])
        done = self.pre_commit(repository)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("missing.txt", done.stdout)
        self.assertNotIn("DL3007", done.stdout)

    def test_fix(self):
        files = {"Dockerfile": BAD, "web/Dockerfile": GOOD, ".dockerignore": "x\nx\n"}
        repository = self.repository(files, [{"id": "plimsoll-fix"}, {"id": "plimsoll"}])
        done = self.pre_commit(repository)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("files were modified by this hook", done.stdout)
        self.assertEqual((repository / "Dockerfile").read_text(), FIXED)
        self.assertEqual((repository / "web/Dockerfile").read_text(), GOOD)
        self.assertEqual((repository / ".dockerignore").read_text(), "x\n")
        done = self.pre_commit(repository)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_is_excluded_is_passed_over(self):
        files = {"vendor/Dockerfile": UNFIXABLE, "Dockerfile": GOOD, "plimsoll.toml": 'exclude = ["vendor/"]\n'}
        done = self.pre_commit(self.repository(files, [{"id": "plimsoll"}]))
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_hadolint_configuration(self):
        files = {"Dockerfile": UNFIXABLE, ".hadolint.yaml": "ignored: [DL3007]\n"}
        done = self.pre_commit(self.repository(files, [{"id": "plimsoll"}]))
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_fix_leaves_what_it_cannot_mend(self):
        repository = self.repository({"Dockerfile": UNFIXABLE}, [{"id": "plimsoll-fix"}])
        done = self.pre_commit(repository)
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("DL3007", done.stdout)
        self.assertNotIn("files were modified", done.stdout)

    def test_files_are_those_that_a_search_finds(self):
        hooks = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
        names = [
            "Dockerfile", "dockerfile", "a/Dockerfile", "Dockerfile.dev", "Dockerfile.", "api.Dockerfile", "api.dockerfile",
            ".dockerfile", "Containerfile", "Containerfile.arm64", "containerfile", "DOCKERFILE", "Dockerfiles", "MyDockerfile",
            "Dockerfile/readme", "dockerfile-x", "x.containerfile", "Dockerfile.dockerignore", "api.Dockerfile.dockerignore",
            "Containerfile.containerignore", ".dockerignore", "a/.containerignore", "x.dockerignore", "dockerignore", ".gitignore",
            "Dockerfile.dev.yaml", "b/c/.dockerignore", "a.dockerignore.md", "é.Dockerfile",
        ]
        found = set()
        for number, name in enumerate(names):
            # One after the other: some differ in case alone, and some are directories of others.
            text = "a\na\n" if name.lower().endswith("ignore") else "FROM alpine\n"
            self.write(f"{number}/{name}", text)
            command = [str(program()), "check", "--output-format=json", "--exit-zero", "."]
            done = subprocess.run(command, cwd=self.directory / str(number), capture_output=True, text=True)
            found.update(finding["path"] for finding in json.loads(done.stdout))
        is_ignore = re.compile(hooks["plimsoll-ignore"]["files"])
        is_dockerfile = re.compile(hooks["plimsoll"]["files"])
        is_either = re.compile(hooks["plimsoll-fix"]["files"])
        for name in names:
            kinds = [bool(is_dockerfile.search(name)), bool(is_ignore.search(name))]
            with self.subTest(name):
                self.assertEqual(name in found, any(kinds))
                self.assertEqual(bool(is_either.search(name)), any(kinds))
                self.assertFalse(all(kinds))


def program():
    """The program in the wheel."""
    if not hasattr(program, "path"):
        directory = tempfile.mkdtemp(dir=WHEELS)
        [wheel] = WHEELS.glob("plimsoll_lint-*.whl")
        shutil.unpack_archive(wheel, directory, "zip")
        [program.path] = Path(directory).glob("*.data/scripts/plimsoll")
        program.path.chmod(program.path.stat().st_mode | stat.S_IXUSR)
    return program.path


class Action(Scratch):
    """The steps of the action, as a runner does them."""

    ACTION = yaml.safe_load((ROOT / "action.yml").read_text())

    def act(self, files, **inputs):
        """Gives the exit code of the last step, what it said, and the outputs."""
        for name, text in files.items():
            self.write(f"workspace/{name}", text)
        values = {name: str(given.get("default", "")) for name, given in self.ACTION["inputs"].items()}
        self.assertEqual(set(inputs) - set(values), set())
        values.update(inputs)
        env = dict(self.env, RUNNER_TEMP=str(self.directory / "runner"))
        (self.directory / "runner").mkdir()
        output, path = self.write("output", ""), self.write("path", "")
        env.update(GITHUB_OUTPUT=str(output), GITHUB_PATH=str(path), GITHUB_ACTIONS="true")
        for step in self.ACTION["runs"]["steps"]:
            self.assertEqual(step["shell"], "bash")
            # What somebody else wrote must not become a part of the script.
            self.assertNotIn("${{", step["run"])
            for name, value in step.get("env", {}).items():
                env[name] = re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda match: values[match[1]], value)
            script = self.write("step.sh", step["run"])
            command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
            done = run(*command, cwd=self.directory / "workspace", env=env, succeeds=False)
            env["PATH"] = ":".join([*reversed(path.read_text().split("\n")[:-1]), env["PATH"]])
            if done.returncode != 0:
                break
        outputs = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return done.returncode, done.stdout, outputs

    def test_annotations(self):
        code, said, outputs = self.act({"api/Dockerfile": UNFIXABLE, "web/Dockerfile": GOOD})
        self.assertEqual(code, 1, said)
        self.assertIn("::warning ", said)
        self.assertIn("file=api/Dockerfile,line=1", said)
        self.assertEqual(outputs, {})

    def test_nothing_to_say(self):
        code, said, _ = self.act({"Dockerfile": GOOD})
        self.assertEqual(code, 0, said)

    def test_sarif_in_a_file(self):
        inputs = {"output-format": "sarif", "output-file": "plimsoll.sarif"}
        code, said, outputs = self.act({"Dockerfile": UNFIXABLE}, **inputs)
        self.assertEqual(code, 1, said)
        self.assertEqual(outputs, {"output-file": "plimsoll.sarif"})
        log = json.loads((self.directory / "workspace/plimsoll.sarif").read_text())
        self.assertEqual(log["runs"][0]["results"][0]["ruleId"], "DL3007")

    def test_paths_and_options(self):
        files = {"api/Dockerfile": UNFIXABLE, "web/Dockerfile": UNFIXABLE, "other/Dockerfile": UNFIXABLE}
        inputs = {"paths": "api\nweb", "args": "--exit-zero --preset strict", "output-format": "concise"}
        code, said, _ = self.act(files, **inputs)
        self.assertEqual(code, 0, said)
        self.assertIn("Checked 2 files", said)
        self.assertIn("no-healthcheck", said)

    def test_words_are_no_patterns_and_no_commands(self):
        code, said, _ = self.act({"Dockerfile": UNFIXABLE, "x": ""}, paths="* $(touch y) `touch z`; touch w")
        self.assertEqual(code, 2, said)
        self.assertIn("error: *: there is no such file", said)
        self.assertEqual(sorted(path.name for path in (self.directory / "workspace").iterdir()), ["Dockerfile", "x"])

    def test_a_version_that_is_not_there(self):
        code, said, _ = self.act({"Dockerfile": GOOD}, version="0.0.1")
        self.assertNotEqual(code, 0, said)
        self.assertIn("plimsoll-lint==0.0.1", said)


class Versions(unittest.TestCase):
    def test_all_are_the_same(self):
        hooks = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
        self.assertEqual(hooks["version"], VERSION)
        self.assertEqual(hooks["dependencies"], [f"plimsoll-lint=={VERSION}"])
        self.assertEqual(str(Action.ACTION["inputs"]["version"]["default"]), VERSION)
        self.assertIn(f"## {VERSION}", (ROOT / "CHANGELOG.md").read_text())


class Pages(unittest.TestCase):
    """What the pages tell people to write into files is right."""

    def fences(self, language):
        pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
        for page in pages:
            for found in re.findall(rf"^```{language}\n(.*?)^```", page.read_text(), re.S | re.M):
                yield page.name, found

    def test_yaml(self):
        hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())}
        seen = {"hooks": 0, "action": 0}
        for page, text in self.fences("yaml"):
            with self.subTest(page, text=text):
                for node in walk(yaml.safe_load(text)):
                    if str(node.get("repo", "")).endswith("/plimsoll"):
                        seen["hooks"] += 1
                        self.assertEqual(node["rev"], f"v{VERSION}")
                        self.assertLessEqual({hook["id"] for hook in node["hooks"]}, hooks)
                    if "/plimsoll@" in str(node.get("uses", "")):
                        seen["action"] += 1
                        self.assertTrue(node["uses"].endswith(f"@v{VERSION}"), node["uses"])
                        self.assertLessEqual(set(node.get("with", {})), set(Action.ACTION["inputs"]))
        self.assertGreater(seen["hooks"], 0)
        self.assertGreater(seen["action"], 0)

    def test_json_and_toml(self):
        for page, text in self.fences("json"):
            with self.subTest(page, text=text):
                json.loads(text)
        for page, text in self.fences("toml"):
            with self.subTest(page, text=text):
                tomllib.loads(text)


def walk(node):
    """All mappings in a document."""
    if isinstance(node, dict):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from walk(child)


if __name__ == "__main__":
    unittest.main(verbosity=2)
