"""A FastAPI app whose requests and responses are settings, tried over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import pytest

fastapi = pytest.importorskip("fastapi", reason="needs fastapi")
httpx = pytest.importorskip("httpx", reason="needs httpx")
uvicorn = pytest.importorskip("uvicorn", reason="needs uvicorn")


@pytest.fixture
def app(training_class: Any) -> Any:
    app = fastapi.FastAPI()

    @app.post("/trainings")
    def begin(settings: Annotated[training_class, fastapi.Body()]) -> training_class:
        assert isinstance(settings, training_class)
        return settings.replace(epochs=settings.epochs + 1)

    @app.post("/batches")
    def begin_all(many: list[training_class]) -> dict[str, int]:
        return {"epochs": sum(settings.epochs for settings in many)}

    return app


@contextmanager
def serving(app: Any) -> Iterator[str]:
    """The address of a real server, for as long as the block lasts."""
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    started = threading.Event()
    startup = server.startup

    async def startup_and_tell(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = startup_and_tell
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


def test_over_http(app: Any) -> None:
    with serving(app) as address, httpx.Client(base_url=address, trust_env=False) as client:
        answer = client.post("/trainings", json={"epochs": 3, "learning-rate": 0.5})
        assert answer.status_code == 200
        assert answer.json() == {
            "epochs": 4,
            "learning-rate": 0.5,
            "augmentation": {"angle": 5, "flip": False},
            "stages": [],
        }  # And no token, though the settings have one.

        refused = client.post("/trainings", json={"epochs": 0, "augmentation": {"angle": "x"}})
        assert refused.status_code == 422
        told = {tuple(each["loc"]): each["msg"] for each in refused.json()["detail"]}
        assert told == {
            ("body", "epochs"): "must be at least 1",
            ("body", "augmentation", "angle"): "must be a number",
        }
        assert client.post("/trainings", json=[]).status_code == 422
        assert client.post("/batches", json=[{"epochs": 3}, {}]).json() == {"epochs": 23}

        document = client.get("/openapi.json").json()
    body = document["paths"]["/trainings"]["post"]["requestBody"]["content"]["application/json"]
    assert body["schema"] == {"$ref": "#/components/schemas/Training"}
    schema = document["components"]["schemas"]["Training"]
    assert schema["properties"]["epochs"]["minimum"] == 1
    assert "$ref" not in str(schema)
