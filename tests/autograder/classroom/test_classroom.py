"""The cluster jobs: each share is asked for once, and no pod has more rights than it needs.

No scheduler runs here. The scripts run for real with a `python` that notes what it was called with.
"""

import os
import re
import subprocess
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

CLASSROOM = Path(__file__).resolve().parents[3] / "autograder" / "classroom"
SBATCH = CLASSROOM / "slurm" / "grade.sbatch"
MANIFEST = CLASSROOM / "kubernetes" / "grade.yaml"
OLDEST, NEWEST = "1.33", "1.37"  # README.md: the first with all that grade.yaml asks for


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a command among stubs, and gives back what they were told."""
    for name, answer in {"python": "", "sbatch": "42;cluster"}.items():
        stub = tmp_path / "bin" / name
        stub.parent.mkdir(exist_ok=True)
        stub.write_text(f'#!/bin/sh\necho "{name} $*" >> "$NOTES"\necho "{answer}"\n')
        stub.chmod(0o755)
    venv = tmp_path / ".venv" / "bin"
    venv.parent.mkdir()
    venv.symlink_to(tmp_path / "bin")
    notes = tmp_path / "notes"

    def run_one(*command: str, **environment: str) -> tuple[int, list[str]]:
        notes.write_text("")
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={
                "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
                "NOTES": str(notes),
                **environment,
            },
            check=False,
            capture_output=True,
            timeout=30,
        )
        return done.returncode, notes.read_text().splitlines()

    return run_one


def jobs() -> dict[str, dict]:
    """Return the manifests by name."""
    return {each["metadata"]["name"]: each for each in yaml.safe_load_all(MANIFEST.read_text())}


def pod(job: dict) -> tuple[dict, dict]:
    """Return a job's pod and its one container."""
    spec = job["spec"]["template"]["spec"]
    (container,) = spec["containers"]
    return spec, container


def grade_command(shard: str) -> str:
    return f"python -m autograder grade lr01_first_step --shard {shard} --workers 1"


def test_slurm_script_is_bash():
    subprocess.run(["bash", "-n", SBATCH], check=True)


@pytest.mark.parametrize("count", [1, 4, 16])
def test_a_slurm_array_asks_for_every_share_once(run, count):
    asked = []
    for task in range(count):
        numbers = {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": str(count)}
        status, told = run("bash", str(SBATCH), "lr01_first_step", **numbers)
        assert status == 0
        asked += told
    assert asked == [grade_command(f"{place}/{count}") for place in range(1, count + 1)]


def test_one_slurm_share_is_repeated_alone(run):
    alone = {"SLURM_ARRAY_TASK_ID": "3", "SLURM_ARRAY_TASK_COUNT": "1"}
    _, told = run("bash", str(SBATCH), "lr01_first_step", "16", **alone)
    assert told == [grade_command("4/16")]
    status, told = run("bash", str(SBATCH), "lr01_first_step", **alone)
    assert status == 2 and not told  # 4 of 1 would grade nobody and look like success


def test_slurm_wants_an_assignment(run):
    status, told = run("bash", str(SBATCH), SLURM_ARRAY_TASK_ID="0", SLURM_ARRAY_TASK_COUNT="1")
    assert status != 0 and not told


def test_slurm_asks_for_what_a_submission_may_use():
    options = dict(re.findall(r"^#SBATCH --([\w-]+)=(\S+)$", SBATCH.read_text(), re.MULTILINE))
    assert options["array"] == "0-15"
    assert options["cpus-per-task"] == "2" and options["mem"] == "6G"
    assert options["output"].startswith("outcomes/")


def test_the_readme_submits_merge_after_every_share(run):
    text = (CLASSROOM / "slurm" / "README.md").read_text()
    commands = re.search(r"```bash\n(.*?)```", text, re.DOTALL).group(1)
    status, told = run("bash", "-euc", commands)
    assert status == 0
    release, array, merge = told
    assert release == "python -m autograder release"
    assert "--parsable --array=0-15" in array and array.endswith("grade.sbatch lr01_first_step")
    assert "--dependency=afterok:42 --kill-on-invalid-dep=yes" in merge
    assert merge.endswith("--wrap .venv/bin/python -m autograder merge lr01_first_step")


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("name", ["grade", "merge"])
def test_manifests_follow_the_schema(name, version):
    assert kubernetes_validate.validate(jobs()[name], version, strict=True) == version


def test_the_schema_sees_a_typing_error():
    job = jobs()["grade"]
    pod(job)[1]["securityContext"]["procMounts"] = "Unmasked"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(job, OLDEST, strict=True)


def test_an_indexed_job_asks_for_every_share_once(run):
    job = jobs()["grade"]["spec"]
    _, container = pod(jobs()["grade"])
    environment = {each["name"]: each["value"] for each in container["env"]}
    assert job["completionMode"] == "Indexed"
    assert environment["SHARDS"] == str(job["completions"])
    asked = []
    for index in range(job["completions"]):
        variables = {**environment, "JOB_COMPLETION_INDEX": str(index)}
        status, told = run(*container["command"], *container["args"], **variables)
        assert status == 0
        asked += told
    count = job["completions"]
    assert asked == [grade_command(f"{place}/{count}") for place in range(1, count + 1)]


def test_merge_waits_and_is_alone(run):
    job = jobs()["merge"]
    assert job["spec"]["suspend"] is True
    assert job["spec"]["completions"] == job["spec"]["parallelism"] == 1
    assert job["spec"]["backoffLimit"] == 0
    _, container = pod(job)
    _, told = run(*container["command"], *container["args"], ASSIGNMENT="lr01_first_step")
    assert told == ["python -m autograder merge lr01_first_step"]


def test_no_pod_is_privileged():
    for job in jobs().values():
        spec, container = pod(job)
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["runAsUser"] > 0
        assert spec["automountServiceAccountToken"] is False
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys()
        rights = container["securityContext"]
        assert rights["privileged"] is rights["allowPrivilegeEscalation"] is False
        assert rights["readOnlyRootFilesystem"] is True
        assert rights["capabilities"] == {"drop": ["ALL"]}
        assert container["resources"]["limits"].keys() == {"cpu", "memory"}


def test_the_sandbox_can_be_built_in_a_share():
    spec, container = pod(jobs()["grade"])
    rights = container["securityContext"]
    # The server refuses the first without the second, which no schema says.
    assert rights["procMount"] == "Unmasked" and spec["hostUsers"] is False
    assert rights["seccompProfile"] == rights["appArmorProfile"] == {"type": "Unconfined"}
    assert container["resources"]["requests"] == {"cpu": "2", "memory": "6Gi"}


def test_students_code_is_not_run_by_merge_and_it_has_no_such_rights():
    spec, container = pod(jobs()["merge"])
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert "procMount" not in container["securityContext"]


def test_a_share_can_write_outcomes_only():
    _, container = pod(jobs()["grade"])
    course = [each for each in container["volumeMounts"] if each["name"] == "course"]
    assert [each["mountPath"] for each in course if not each.get("readOnly")] == [
        "/course/outcomes"
    ]


def test_no_file_names_a_host():
    """Outside a cluster, that is: there a host has no dot in its name, and a number is nobody's."""
    files = [path for path in CLASSROOM.glob("[sk]l*/*") if path.is_file()]
    files += [path for path in (CLASSROOM / "kubernetes").iterdir() if path.is_file()]
    assert {"grade.sbatch", "grade.yaml", "hub.yaml", "Dockerfile"} <= {each.name for each in files}
    for path in files:
        hosts = re.findall(r"://(?:\w+@)?([\w.-]+)", path.read_text())
        assert [each for each in hosts if "." in each.replace("0.0.0.0", "")] == [], path
    for path in (CLASSROOM / "kubernetes").glob("*.yaml"):
        images = re.findall(r"image: ?(\S+)", path.read_text())
        assert [each for each in images if "/" in each] == [], path
