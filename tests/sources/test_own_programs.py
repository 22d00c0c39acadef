"""The repository's own files that its workflows run, gathered."""

from govcheck.facts import Missing
from govcheck.findings import Reason
from govcheck.sources.own_programs import read_own_programs
from written_workflows import workflows

GONE = Missing(reason=Reason.MISSING_OBJECT, message="the clone does not have it")


def read(files, script="./a.sh"):
    asked = []

    def blobs(paths):
        paths = list(paths)
        asked.extend(paths)
        return {path: files[path] for path in paths}

    text = f"on: push\njobs: {{a: {{runs-on: x, steps: [{{run: '{script}'}}]}}}}\n"
    found = read_own_programs(workflows({"ci.yml": text, "bad.yml": "on: ["}), dict.fromkeys(files, "100644"), blobs)
    return dict(found.contents), asked


def test_files_are_followed_and_each_is_read_once():
    files = {
        "a.sh": b"./b.sh\nnpm run x\n./a.sh\n",
        "b.sh": b"./c.py\n./missing.sh\n",
        "c.py": b"./d.sh\n",
        "d.sh": b"",
        "package.json": b'{"scripts": {"x": "./e.sh"}}',
        "e.sh": b"",
    }
    found, asked = read(files)
    assert found.keys() == {"a.sh", "b.sh", "c.py", "package.json", "e.sh"}
    assert sorted(asked) == sorted(found)


def test_a_file_that_cannot_be_read_is_kept_as_such():
    assert read({"a.sh": GONE})[0] == {"a.sh": GONE}


def test_following_ends():
    files = {f"f{n}.sh": f"./f{n + 1}.sh\n".encode() for n in range(50)}
    found, _ = read(files, "./f0.sh")
    assert len(found) == 6


def test_no_more_than_a_thousand_are_read():
    files = {f"f{n}.sh": b"" for n in range(1200)}
    found, _ = read(files, "; ".join(f"./{name}" for name in files))
    assert len(found) == 1000
