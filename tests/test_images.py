"""The scripts that build images and pin their bases, with a docker that only logs its arguments."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.production import ROOT

DOCKER = """\
#!/bin/sh
echo "$*" >>"$LOG"
case "$*" in *imagetools*) [ -z "$DIGEST" ] && exit 1; echo "$DIGEST" ;; esac
"""
BUILD = (
    "buildx build --target {image} --build-arg RELEASE={version} "
    "--tag r.example/p-{image}:{version} {more} ."
)


class Checkout:
    """A repository with copies of the scripts and of what they read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        (self.folder / "deploy").mkdir(parents=True)
        shutil.copytree(ROOT / "deploy/images", self.folder / "deploy/images")
        for name in ("Dockerfile", "docker-compose.yml"):
            shutil.copy(ROOT / name, self.folder)
        self.log = folder / "log"
        programs = folder / "bin"
        programs.mkdir()
        (programs / "docker").write_text(DOCKER)
        (programs / "docker").chmod(0o755)
        person = {"NAME": "N", "EMAIL": "n@example.com"}
        self.env = {
            "PATH": f"{programs}:{os.environ['PATH']}",
            "LOG": str(self.log),
            "GIT_CONFIG_GLOBAL": "/dev/null",
            **{f"GIT_AUTHOR_{name}": value for name, value in person.items()},
            **{f"GIT_COMMITTER_{name}": value for name, value in person.items()},
        }

    def run(self, *command: str, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self.env | env, capture_output=True, text=True
        )

    def asked(self) -> list[str]:
        return self.log.read_text().splitlines()

    def pin(self, digest: str) -> subprocess.CompletedProcess[str]:
        return self.run("deploy/images/pin", DIGEST=digest)

    def texts(self) -> list[str]:
        return [(self.folder / name).read_text() for name in ("Dockerfile", "docker-compose.yml")]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_images_are_tagged_by_version_and_know_it(checkout: Checkout) -> None:
    checkout.run("git", "init", "--quiet")
    checkout.run("git", "add", ".")
    checkout.run("git", "commit", "--quiet", "--message=First")
    checkout.run("git", "tag", "--annotate", "1.9.0", "--message=Version 1.9.0")
    ran = checkout.run("deploy/images/build", "r.example/p", "--push")
    assert ran.stdout == "VERSION=1.9.0\n", ran.stderr
    assert checkout.asked() == [
        BUILD.format(image=image, version="1.9.0", more="--push") for image in ("web", "nginx")
    ]
    with (checkout.folder / "Dockerfile").open("a") as file:
        file.write("# changed\n")
    ran = checkout.run("deploy/images/build", "r.example/p", "--load")
    assert ran.stdout == "VERSION=1.9.0-dirty\n"


@pytest.mark.parametrize("arguments", [[], ["--push"]])
def test_a_build_without_a_name_says_how(checkout: Checkout, arguments: list[str]) -> None:
    ran = checkout.run("deploy/images/build", *arguments)
    assert ran.returncode == 1
    assert "registry.example/me/podcast --push" in ran.stderr
    assert not checkout.log.exists()


def images(text: str) -> dict[str, str]:
    services: dict[str, Any] = yaml.safe_load(text)["services"]
    return {name: service["image"] for name, service in services.items()}


def test_base_images_are_pinned_and_pinned_anew(checkout: Checkout) -> None:
    before = checkout.texts()
    for digest in ("sha256:" + "a" * 64, "sha256:" + "b" * 64):
        ran = checkout.pin(digest)
        assert ran.returncode == 0, ran.stderr
        dockerfile, compose = checkout.texts()
        assert dockerfile.count(f"@{digest}\n") == 2
        assert f"\nARG NGINX=1.30@{digest}\n" in dockerfile
        pinned = images(compose)
        assert pinned["tls"] == f"caddy:2@{digest}"
        assert pinned["database"] == f"pgvector/pgvector:pg18-trixie@{digest}"
        assert [text.replace(f"@{digest}", "") for text in (dockerfile, compose)] == before
    assert sum("imagetools" in line for line in checkout.asked()) == 8
    assert "@" not in checkout.log.read_text()  # the tag is asked for, not the former digest


def test_no_base_image_is_left_out(checkout: Checkout) -> None:
    """Each stage and service that begins with another's image."""
    checkout.pin("sha256:" + "a" * 64)
    dockerfile, compose = checkout.texts()
    lines = dockerfile.splitlines()
    stages = {line.split()[-1] for line in lines if line.startswith("FROM ")}
    bases = {line.split()[1] for line in lines if line.startswith("FROM ")} - stages
    assert bases == {"python:${PYTHON}", "nginx:${NGINX}"}
    ours = ("${IMAGE:-podcast}-web:", "${IMAGE:-podcast}-nginx:")
    others = [image for image in images(compose).values() if not image.startswith(ours)]
    assert len(others) == 2
    assert all("@sha256:" in image for image in others)


def test_without_a_registry_nothing_is_written(checkout: Checkout) -> None:
    before = checkout.texts()
    for digest in ("", "none"):
        assert checkout.pin(digest).returncode != 0
    assert checkout.texts() == before
