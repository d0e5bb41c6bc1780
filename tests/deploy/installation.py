"""`hub serve` and `hub worker` as an operator starts them, with figures and a log of their own."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

SECONDS = 240
_FIGURE = re.compile(r"(?m)^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$")
_LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Figure:
    name: str
    labels: dict[str, str]
    value: float


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Program:
    """One of the two programs, its log and its figures."""

    def __init__(self, verb: str, environment: dict[str, str], folder: Path, *options: str) -> None:
        self.log_file = folder / f"{verb}.log"
        self.figures_at = f"127.0.0.1:{free_port()}"
        words = [sys.executable, "-m", "hub", verb, "--metrics", self.figures_at, *options]
        with self.log_file.open("wb") as log:
            self.process = subprocess.Popen(
                words, env=environment, stdout=subprocess.PIPE, stderr=log, start_new_session=True
            )

    def figures(self) -> list[Figure]:
        with httpx.Client(trust_env=False, timeout=10) as client:
            text = client.get(f"http://{self.figures_at}/metrics").raise_for_status().text
        return [
            Figure(name, dict(_LABEL.findall(labels or "")), float(value))
            for name, labels, value in _FIGURE.findall(text)
        ]

    def until(self, name: str, **labels: str) -> Figure:
        """The first figure of this name and these labels, once it is there."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            try:
                for figure in self.figures():
                    if figure.name == name and labels.items() <= figure.labels.items():
                        return figure
            except httpx.TransportError:
                assert self.process.poll() is None, self.log_file.read_text()
            time.sleep(0.2)
        raise AssertionError(f"{name} {labels} is not among the figures")

    def log(self) -> list[dict[str, Any]]:
        """Every line that the program has written; one that is no JSON object fails here."""
        return [dict(json.loads(line)) for line in self.log_file.read_text("utf-8").splitlines()]

    def stop(self) -> str:
        """What it wrote on standard output until its end."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            said, _ = self.process.communicate(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            said, _ = self.process.communicate()
        return said.decode()


@dataclass(frozen=True)
class Installation:
    url: str
    database_url: str
    serve: Program
    worker: Program

    @classmethod
    def start(cls, database_url: str, home: Path) -> "Installation":
        """Two server processes and a worker, without mail and without SMS."""
        bind = f"127.0.0.1:{free_port()}"
        environment = {name: value for name, value in os.environ.items() if not name.startswith("HUB_")} | {
            "HUB_HOME": str(home),
            "HUB_BIND": bind,
            "HUB_PUBLIC_URL": f"http://{bind}",
            "HUB_DATABASE_URL": database_url,
            "HUB_PROMISE_PATIENCE": "PT1H",
        }
        started = cls(
            f"http://{bind}",
            database_url,
            Program("serve", environment, home, "--processes", "2"),
            Program("worker", environment, home),
        )
        started.wait()
        return started

    def wait(self) -> None:
        end = time.monotonic() + SECONDS
        with self.client() as client:
            while True:
                assert time.monotonic() < end, "the hub does not begin to answer"
                try:
                    if client.get("/v1/live").is_success:
                        break
                except httpx.TransportError:
                    assert self.serve.process.poll() is None, self.serve.log_file.read_text()
                time.sleep(0.1)
        self.worker.until("saikne_counted_timestamp_seconds")

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False, timeout=20)
