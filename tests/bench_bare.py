"""The barest endpoint of the same stack: FastAPI on uvicorn inserts one row over a psycopg pool. Nothing is checked.

Run as ``python -m tests.bench_bare PORT DSN CONNECTIONS``, with uvicorn and the garbage collector set as ours are.
"""

import gc
import sys
from typing import Annotated, Any

import psycopg_pool
import uvicorn
from fastapi import Body, FastAPI

TABLE = "CREATE TABLE IF NOT EXISTS bare (id text PRIMARY KEY, pair text NOT NULL, body text NOT NULL)"
INSERT = "INSERT INTO bare VALUES (%s, %s, %s)"


def create_app(pool: psycopg_pool.ConnectionPool[Any]) -> FastAPI:
    """Build the application around a pool."""
    app = FastAPI()

    @app.get("/livez")
    def livez() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/pairs/{pair}/rows", status_code=201)
    def insert(pair: str, body: Annotated[dict[str, Any], Body()]) -> dict[str, str]:
        with pool.connection() as connection:
            connection.execute(INSERT, (body["id"], pair, body["text"]), prepare=True)
        return {"id": body["id"]}

    return app


def main() -> None:
    """Serve until told to stop."""
    port, dsn, connections = sys.argv[1:]
    with psycopg_pool.ConnectionPool(
        dsn, min_size=int(connections), max_size=int(connections), kwargs={"autocommit": True}
    ) as pool:
        with pool.connection() as connection:
            connection.execute(TABLE)
        served = create_app(pool)
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000)
        uvicorn.run(
            served,
            port=int(port),
            log_config=None,
            lifespan="off",
            access_log=False,
            server_header=False,
        )


if __name__ == "__main__":
    main()
