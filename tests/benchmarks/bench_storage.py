"""Storage on S3 beside other clients built on boto3: many small files, and one large file.

    python tests/benchmarks/bench_storage.py [--files 1000] [--size 4096] [--large 64]

All talk to moto's S3 server in a process of its own on this machine. Each number is the best of
the rounds, in seconds; the peers take turns within a round. `s3fs` takes part where it is
installed.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
from boto3.s3.transfer import TransferConfig, create_transfer_manager
from botocore.config import Config

sys.path.insert(0, str(Path(__file__).parents[2] / "runtime"))

from brevettiai.io import Storage

try:
    import resource
except ImportError:  # Windows
    resource = None

WORKERS = 32
Peer = tuple[Callable[[Path, str], None], Callable[[str, Path], None]]


@contextlib.contextmanager
def s3_server() -> Iterator[str]:
    """moto's server in a process of its own; its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def make_client(workers: int = WORKERS):
    return boto3.client("s3", config=Config(max_pool_connections=workers))


def keys_of(client, prefix: str) -> list[str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix + "/")
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


BUCKET = f"bench-{uuid.uuid4()}"


def ours() -> Peer:
    io = Storage()
    io.isfile(f"s3://{BUCKET}/none")  # As the others, with a client made already.
    return (
        lambda folder, prefix: io.upload_tree(folder, f"s3://{BUCKET}/{prefix}"),
        lambda prefix, folder: io.download_tree(f"s3://{BUCKET}/{prefix}", folder),
    )


def boto3_threads() -> Peer:
    """boto3's own upload_file and download_file in a thread pool."""
    client = make_client()
    config = TransferConfig(use_threads=True)

    def up(folder: Path, prefix: str) -> None:
        with ThreadPoolExecutor(WORKERS) as pool:
            for path in folder.iterdir():
                pool.submit(
                    client.upload_file, str(path), BUCKET, f"{prefix}/{path.name}", Config=config
                )

    def down(prefix: str, folder: Path) -> None:
        with ThreadPoolExecutor(WORKERS) as pool:
            for key in keys_of(client, prefix):
                target = str(folder / key.rsplit("/", 1)[1])
                pool.submit(client.download_file, BUCKET, key, target, Config=config)

    return up, down


def s3transfer_manager() -> Peer:
    """One transfer manager for all files, as the AWS command line does it."""
    client = make_client()
    config = TransferConfig(max_concurrency=WORKERS, preferred_transfer_client="classic")

    def up(folder: Path, prefix: str) -> None:
        with create_transfer_manager(client, config) as manager:
            for path in folder.iterdir():
                manager.upload(str(path), BUCKET, f"{prefix}/{path.name}")

    def down(prefix: str, folder: Path) -> None:
        with create_transfer_manager(client, config) as manager:
            for key in keys_of(client, prefix):
                manager.download(BUCKET, key, str(folder / key.rsplit("/", 1)[1]))

    return up, down


def plain_requests() -> Peer:
    """put_object and get_object in a thread pool, the whole file in memory."""
    client = make_client()

    def up(folder: Path, prefix: str) -> None:
        def put(path: Path) -> None:
            client.put_object(Bucket=BUCKET, Key=f"{prefix}/{path.name}", Body=path.read_bytes())

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(put, folder.iterdir()))

    def down(prefix: str, folder: Path) -> None:
        def get(key: str) -> None:
            body = client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
            (folder / key.rsplit("/", 1)[1]).write_bytes(body)

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(get, keys_of(client, prefix)))

    return up, down


def s3fs() -> Peer:
    import s3fs as module

    fs = module.S3FileSystem(
        endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"], use_listings_cache=False
    )
    return (
        lambda folder, prefix: fs.put(f"{folder}/", f"{BUCKET}/{prefix}/", recursive=True),
        lambda prefix, folder: fs.get(f"{BUCKET}/{prefix}/", f"{folder}/", recursive=True),
    )


PEERS = {
    peer.__name__: peer for peer in (ours, boto3_threads, s3transfer_manager, plain_requests, s3fs)
}


def measure(
    names: list[str], files: int, size: int, rounds: int, top: Path
) -> dict[str, tuple[float, float]]:
    """The best times up and down of each peer."""
    source = top / f"source-{files}-{size}"
    source.mkdir()
    for number in range(files):
        with open(source / f"{number:05}.bin", "wb") as file:
            for offset in range(0, size, 1 << 20):
                file.write(os.urandom(min(1 << 20, size - offset)))
    best: dict[str, tuple[float, float]] = {}
    for _ in range(rounds):
        for name in names:
            try:
                up, down = PEERS[name]()
            except ImportError:
                continue
            prefix, target = str(uuid.uuid4()), top / "target"
            target.mkdir()
            begin = time.perf_counter()
            up(source, prefix)
            middle = time.perf_counter()
            down(prefix, target)
            end = time.perf_counter()
            assert sum(path.stat().st_size for path in target.rglob("*.bin")) == files * size
            shutil.rmtree(target)
            before = best.get(name, (1e9, 1e9))
            times = (middle - begin, end - middle)
            best[name] = (min(before[0], times[0]), min(before[1], times[1]))
    shutil.rmtree(source)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=1000, help="number of small files")
    parser.add_argument("--size", type=int, default=4096, help="bytes of a small file")
    parser.add_argument("--large", type=int, default=64, help="MiB of the large file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    options = parser.parse_args()
    os.environ.update(AWS_ACCESS_KEY_ID="bench", AWS_SECRET_ACCESS_KEY="bench")
    os.environ.update(AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1")
    with s3_server() as url, tempfile.TemporaryDirectory() as top:
        os.environ["AWS_ENDPOINT_URL_S3"] = url
        make_client().create_bucket(Bucket=BUCKET)
        for files, size in ((options.files, options.size), (1, options.large << 20)):
            print(f"{files} x {size} bytes" + " " * 12 + "up      down")
            times = measure(options.peers, files, size, options.rounds, Path(top))
            for name, (up, down) in times.items():
                print(f"  {name:24} {up:8.3f}  {down:8.3f}")
        if resource is not None:
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"peak memory of this process, with all clients in it: {peak:.0f} MiB")


if __name__ == "__main__":
    main()
