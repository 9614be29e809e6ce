"""A class on Kubernetes: what the cluster is told, held against the real parts that run without one.

Those are JupyterHub with a proxy, jupyterhub-singleuser, KubeSpawner, which writes a student's pod, and
Kubernetes' schemas. No cluster, and no Helm, is here.
"""

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import jsonschema
import kubernetes_validate
import pytest
import yaml
from traitlets.config import Config

from autograder.classroom import accounts, settings
from autograder.classroom.hub.in_course import course_process
from autograder.classroom.kubernetes import __main__ as told
from autograder.classroom.kubernetes import own_uid

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "autograder" / "classroom" / "kubernetes"
CHART = "4.4.0"  # of Zero to JupyterHub, as hub.yaml says
OLDEST, NEWEST = "1.33", "1.37"
HUB = yaml.safe_load((FOLDER / "hub.yaml").read_text())
CLASS = settings.load(ROOT / "autograder" / "classroom" / "classroom.example.yml")


def merged(below: dict, above: dict) -> dict:
    """Return values as Helm puts them together."""
    both = below | above
    for name in below.keys() & above.keys():
        if isinstance(below[name], dict) and isinstance(above[name], dict):
            both[name] = merged(below[name], above[name])
    return both


VALUES = merged(HUB, told.values(CLASS))


def manifests() -> list:
    """Return what kubectl is given, each with a name."""
    files = [FOLDER / "formgrader.yaml", FOLDER / "volumes.yaml"]
    found = [each for path in files for each in yaml.safe_load_all(path.read_text())]
    found.append(told.account_list(CLASS))
    return [pytest.param(each, id=f"{each['kind']}-{each['metadata']['name']}") for each in found]


@pytest.mark.parametrize("version", [OLDEST, NEWEST])
@pytest.mark.parametrize("manifest", manifests())
def test_manifests_follow_the_schema(manifest, version):
    assert kubernetes_validate.validate(manifest, version, strict=True) == version


@pytest.mark.parametrize("manifest", manifests())
def test_only_the_folder_on_the_exchange_is_made_as_root(manifest):
    if manifest["kind"] not in ("Deployment", "Job"):
        return
    spec = manifest["spec"]["template"]["spec"]
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["automountServiceAccountToken"] is False
    for each in (*spec["containers"], *spec.get("initContainers", ())):
        rights = each["securityContext"]
        assert rights["readOnlyRootFilesystem"] and not rights["allowPrivilegeEscalation"]
        assert rights["capabilities"]["drop"] == ["ALL"]
        assert each["resources"]["limits"].keys() == {"cpu", "memory"}
        if rights.get("runAsUser") == 0:
            assert [mount["name"] for mount in each["volumeMounts"]] == ["exchange"]


def test_the_chart_takes_the_values():
    folder = os.environ.get("Z2JH_CHART")
    if not folder:
        pytest.skip(
            f"needs Zero to JupyterHub's chart: unpack version {CHART} (helm pull --untar), and name"
            " its folder in Z2JH_CHART"
        )
    schema = json.loads(Path(folder, "values.schema.json").read_text())
    assert yaml.safe_load(Path(folder, "Chart.yaml").read_text())["version"] == CHART
    defaults = yaml.safe_load(Path(folder, "values.yaml").read_text())
    jsonschema.validate(merged(defaults, VALUES), schema)
    wrong = merged(VALUES, {"singleuser": {"memmory": {}}})
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(merged(defaults, wrong), schema)


def test_a_student_has_bounds_and_sees_no_other_pod():
    student = VALUES["singleuser"]
    assert student["memory"]["limit"] == CLASS.limits.memory
    assert student["cpu"]["limit"] == CLASS.limits.cpu
    assert student["extraResource"]["limits"].keys() == {"ephemeral-storage"}
    policy = student["networkPolicy"]
    assert policy["enabled"] and not policy["egressAllowRules"]["privateIPs"]
    assert not policy["egressAllowRules"]["cloudMetadataServer"]
    assert not student["cloudMetadata"]["blockWithIptables"]  # by a privileged container
    assert student["extraPodConfig"]["automountServiceAccountToken"] is False
    assert VALUES["cull"]["timeout"] == CLASS.cull.idle


def test_nobody_comes_in_by_default():
    config = VALUES["hub"]["config"]
    assert config["JupyterHub"]["authenticator_class"] not in ("dummy", "null")
    assert config["Authenticator"]["allowed_users"] == list(CLASS.people)
    assert not config["JupyterHub"]["admin_access"]


@pytest.fixture(scope="module")
def pod(tmp_path_factory):
    """Return a function that has KubeSpawner write the pod of a student."""
    cluster = tmp_path_factory.mktemp("cluster") / "config"
    cluster.write_text(
        "{current-context: a, contexts: [{name: a, context: {cluster: a, user: a}}],"
        " clusters: [{name: a, cluster: {server: 'http://127.0.0.1:9'}}], users: [{name: a, user: {}}]}"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KUBECONFIG", str(cluster))  # it is looked for when the module is imported
        pytest.importorskip("kubespawner", reason="needs jupyterhub-kubespawner: make installs it")
    from kubernetes_asyncio.client import ApiClient
    from kubespawner import KubeSpawner

    async def write(name: str) -> dict:
        given, storage = VALUES["singleuser"], VALUES["singleuser"]["storage"]
        c = Config({"KubeSpawner": VALUES["hub"]["config"]["KubeSpawner"]})
        own_uid.configure(c)
        home = {"mountPath": own_uid.HOME, "name": "volume-{user_server}"}
        claim = {"name": home["name"], "persistentVolumeClaim": {"claimName": "{pvc_name}"}}
        c.KubeSpawner.image = given["image"]["name"]
        c.KubeSpawner.mem_limit = given["memory"]["limit"]
        c.KubeSpawner.volumes = [*storage["extraVolumes"], claim]
        c.KubeSpawner.volume_mounts = [*storage["extraVolumeMounts"], home]
        spawner = KubeSpawner(config=c, _mock=True)
        spawner.user = SimpleNamespace(name=name, id=1, url="/user/", escaped_name=name)
        spawner.pre_spawn_hook(spawner)
        spawner.pre_spawn_hook(spawner)  # at the next start
        async with ApiClient() as client:
            return client.sanitize_for_serialization(await spawner.get_pod_manifest())

    return lambda name: asyncio.run(write(name))


@pytest.mark.parametrize("name", ["ada", "дмитрий"])
def test_a_students_pod_runs_as_nobody_else(pod, name):
    written = pod(name)
    assert kubernetes_validate.validate(written, OLDEST, strict=True) == OLDEST
    spec = written["spec"]
    [notebook], [own_home] = spec["containers"], spec["initContainers"]
    rights, number = notebook["securityContext"], own_uid.uid(name)
    assert (rights["runAsUser"], rights["runAsGroup"]) == (number, number)
    assert rights["capabilities"] == {"drop": ["ALL"]}
    assert "securityContext" not in spec  # a group for volumes
    assert own_home["securityContext"]["capabilities"] == {"drop": ["ALL"], "add": ["CHOWN"]}
    assert {each["name"] for each in own_home["volumeMounts"]}.isdisjoint({"exchange"})
    mounts = {each["mountPath"] for each in notebook["volumeMounts"]}
    assert mounts == {own_uid.HOME, "/etc/passwd", str(CLASS.exchange)}


def test_the_pods_first_container_gives_the_home_to_its_owner(tmp_path, monkeypatch):
    """Its script runs here, as root, on folders that stand for the volumes."""
    if os.geteuid() != 0:
        pytest.skip("needs root: only root gives a folder away")
    monkeypatch.setattr(own_uid, "HOME", str(tmp_path / "home"))
    monkeypatch.setattr(own_uid, "PASSWD", str(tmp_path / "passwd"))
    (tmp_path / "home").mkdir()
    spawner = SimpleNamespace(
        user=SimpleNamespace(name="дмитрий"),
        volume_mounts=[{"mountPath": own_uid.HOME, "name": "home"}],
        init_containers=[],
        image="student",
    )
    own_uid.prepare(spawner)
    for _ in range(2):  # a home that is theirs already stays as it is
        subprocess.run(spawner.init_containers[0]["command"], check=True)
    found = (tmp_path / "home").stat()
    number = own_uid.uid("дмитрий")
    assert (found.st_uid, found.st_gid, found.st_mode & 0o777) == (number, number, 0o700)
    last = (tmp_path / "passwd").read_text().splitlines()[-1].split(":")
    assert last[0] == accounts.account("дмитрий") and last[2] == str(number)


def test_every_name_has_an_id_of_its_own_that_stays(monkeypatch):
    names = [f"student{number}" for number in range(3000)]
    assert own_uid.doubled(names) == []
    assert own_uid.uid("ada") == own_uid.uid("Ada") == 1086150622  # files on an exchange have it
    assert all(2**30 <= own_uid.uid(each) < 2**31 for each in names)
    monkeypatch.setattr(own_uid, "SPAN", 2)
    told_ones = own_uid.doubled(["ada", "bo", "cy"])
    assert told_ones and "the same user id" in told_ones[0]


def test_a_course_that_no_cluster_can_name_is_refused(tmp_path, monkeypatch, capsys):
    example = (ROOT / "autograder" / "classroom" / "classroom.example.yml").read_text()
    (tmp_path / "classroom.yml").write_text(example.replace("  learning-rates:", "  a_course:"))
    monkeypatch.setenv("CLASSROOM", str(tmp_path / "classroom.yml"))
    monkeypatch.setattr(sys, "argv", ["kubernetes", "values"])
    assert told.main() == 1
    assert "a_course: a cluster has no _" in capsys.readouterr().err


def test_the_hub_needs_no_more_of_ours_than_it_is_given(tmp_path):
    for each in VALUES["hub"]["extraFiles"].values():
        place = tmp_path / Path(each["mountPath"]).relative_to("/usr/local/etc/jupyterhub")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(each["stringData"])
    [code] = VALUES["hub"]["extraConfig"].values()
    program = f"from traitlets.config import Config; c = Config()\n{code}\nprint(c.KubeSpawner.uid)"
    packages = next(each for each in sys.path if each.endswith("site-packages"))
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": packages},  # without the checkout, to which a path file leads
        check=False,
        capture_output=True,
        text=True,
    )
    assert "function" in done.stdout, done.stderr


def test_graders_know_everybody_by_the_owner_of_a_file(tmp_path):
    """In a namespace in which /etc/passwd is that of formgrader's pod."""
    command = ["unshare", "--mount", "--map-root-user", "bash", "-euc"]
    if subprocess.run([*command, "true"], check=False, capture_output=True).returncode:
        pytest.skip("needs user namespaces: sysctl user.max_user_namespaces above 0")
    program = "import sys; from autograder.classroom.accounts import person\n"
    program += "for name in sys.argv[1:]: print(person(name).pw_uid)"
    listed = told.account_list(CLASS)["data"]
    script = 'cat > "$0"; mount --bind "$0" /etc/passwd; exec "$1" -c "$2" "${@:3}"'
    done = subprocess.run(
        [*command, script, tmp_path / "passwd", sys.executable, program, *CLASS.people],
        cwd=ROOT,
        input=listed["passwd"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [str(own_uid.uid(each)) for each in CLASS.people]
    assert f"{accounts.course_account('learning-rates')}:x:{told.GRADER}:" in listed["group"]


def test_formgrader_is_told_of_the_classroom_as_on_one_machine(monkeypatch):
    [container] = next(
        each["spec"]["template"]["spec"]["containers"]
        for each in yaml.safe_load_all((FOLDER / "formgrader.yaml").read_text())
        if each["kind"] == "Deployment"
    )
    in_pod = {each["name"]: each.get("value") for each in container["env"]}
    assert in_pod["CLASSROOM_ACCOUNTS"] == "separate"
    monkeypatch.setattr(os, "geteuid", lambda: told.GRADER)
    here = course_process(CLASS, CLASS.courses[0]).environment
    for name in here.keys() - {"PATH", "CLASSROOM_ACCOUNTS"}:
        assert in_pod[name] == here[name].replace(str(ROOT), "/opt/learning-rates/course")


def stages() -> dict[str, list[list[str]]]:
    """Return the instructions of the Dockerfile by stage, as lists of words."""
    found: dict[str, list[list[str]]] = {}
    text = (FOLDER / "Dockerfile").read_text().replace("\\\n", " ")
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        words = shlex.split(line)
        if words[0] == "FROM":
            assert words[2] == "AS"
            found[words[3]] = []
        found[words[3] if words[0] == "FROM" else [*found][-1]].append(words)
    return found


def copied(stage: str) -> list[str]:
    """Return what of the checkout a stage takes."""
    lines = [words[1:-1] for words in stages()[stage] if words[0] == "COPY"]
    return [each for words in lines if not words[0].startswith("--") for each in words]


def test_the_dockerfile_has_the_instructions_that_docker_knows():
    known = {"FROM", "ARG", "RUN", "COPY", "ENV", "WORKDIR", "USER", "CMD"}
    assert {words[0] for lines in stages().values() for words in lines} == known
    assert [*stages()] == ["packages", "checkout", "student", "grader"]
    for stage in ("student", "grader"):
        assert ["USER", "1000:1000"] in stages()[stage]


def test_the_students_image_has_their_environment_and_packages_alone():
    assert stages()["student"][0] == ["FROM", "packages", "AS", "student"]
    assert copied("packages") == ["requirements.txt"] and copied("student") == []
    [copy] = [words for words in stages()["student"] if words[0] == "COPY"]
    place = str(CLASS.students_environment)
    assert copy == ["COPY", "--from=checkout", place, place]


def test_what_an_image_may_have_is_named_and_there():
    lines = (FOLDER / "Dockerfile.dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    named = {line[1:] for line in lines if line.startswith("!")}
    assert named == {*copied("packages"), *copied("checkout")}
    assert [each for each in named if not (ROOT / each).exists()] == []
    known = subprocess.run(
        ["git", "ls-files", *named], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert {path.split("/")[0] for path in known.stdout.splitlines()} == named


def test_what_is_copied_is_enough_to_make_the_students_environment(tmp_path):
    """The stage `checkout` runs here, without Docker: its files, then its command."""
    course, place = tmp_path / "course", tmp_path / "student"
    for each in copied("checkout"):
        source = ROOT / each
        copy = shutil.copytree if source.is_dir() else shutil.copy
        course.mkdir(exist_ok=True)
        copy(source, course / each)
    [run] = [words[1:] for words in stages()["checkout"] if words[0] == "RUN"]
    command = [str(place) if each == str(CLASS.students_environment) else each for each in run]
    assert command[0] == "python"
    subprocess.run([sys.executable, *command[1:]], cwd=course, check=True, capture_output=True)
    names = {path.name for path in place.rglob("*")}
    assert {"lrlab", "jupyterhub-singleuser", "nbgrader_config.py"} <= names
    assert not names & {"autograder", "solutions", "checks", "lr01_first_step.ipynb"}
    assert not re.search(r"BEGIN SOLUTION", "".join(_texts(place)))


def _texts(folder: Path):
    for path in folder.rglob("*"):
        if path.suffix in (".py", ".ipynb") and path.is_file() and not path.is_symlink():
            yield path.read_text(encoding="utf-8", errors="replace")
