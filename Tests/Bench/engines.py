"""What befalls the stack's PostgreSQL in a row of the bench; each is over when its block ends."""

import asyncio
import contextlib
import os
import signal
import threading

from links import psql
from processes import descendants
from references import supervisorctl, wait_until

PROGRAM = "engines:postgres"


def answers():
    try:
        psql("SELECT 1")
    except RuntimeError:
        return False
    return True


@contextlib.contextmanager
def dead_postgres():
    supervisorctl("stop", PROGRAM)
    try:
        yield
    finally:
        supervisorctl("start", PROGRAM)
        wait_until(answers)


@contextlib.contextmanager
def frozen_postgres():
    pids = descendants(int(supervisorctl("pid", PROGRAM)))
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGCONT)
        wait_until(answers)


@contextlib.contextmanager
def slow_postgres(seconds):
    """Whatever a client sends arrives so much later: a proxy takes the place of the server's socket."""
    path = os.path.join(os.environ["SWIFTLET_RUN"], "postgres", ".s.PGSQL.5432")
    server = path + ".behind"
    os.rename(path, server)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        asyncio.run_coroutine_threadsafe(listen(path, server, seconds), loop).result(10)
        end_sessions()
        yield
    finally:
        asyncio.run_coroutine_threadsafe(end_tasks(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        os.rename(server, path)
        end_sessions()


async def listen(path, server, seconds):
    async def carry(reader, writer, delay):
        try:
            while data := await reader.read(65536):
                await asyncio.sleep(delay)
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    async def take(reader, writer):
        ahead, behind = await asyncio.open_unix_connection(server)
        await asyncio.gather(carry(reader, behind, seconds), carry(ahead, writer, 0))

    await asyncio.start_unix_server(take, path)
    os.chmod(path, 0o777)


async def end_tasks():
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def end_sessions():
    """Ends the programs' sessions, so that they connect by the socket that is there now."""
    psql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
