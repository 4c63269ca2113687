"""Starts mcp-shlink as its users start it, calls each of its tools through the Model Context Protocol, and
prints what they gave as one JSON object.

The arguments are the site's URL and an API key.
"""
import asyncio
import json
import os
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def call_tools(session):
    """Each tool's text, and whether it failed."""
    results = {}

    async def call(name, tool, **arguments):
        result = await session.call_tool(tool, arguments)
        text = result.content[0].text if result.content else ""
        results[name] = {"failed": bool(result.isError), "text": text}
        return text

    slug = "by-mcp-" + os.urandom(6).hex()
    await call(
        "created",
        "create_short_url",
        long_url="https://example.com/by-mcp",
        tags=["By MCP", "spring"],
        custom_slug=slug,
        valid_until="2099-01-01T00:00:00+00:00",
        max_visits=7,
    )
    await call("found", "get_short_url", short_code=slug)
    await call("listed", "list_short_urls")
    await call("tags", "list_tags")
    await call("deleted", "delete_short_url", short_code=slug)
    await call("missing", "get_short_url", short_code=slug)
    return results


async def main(url, key):
    server = StdioServerParameters(
        command=os.path.join(os.path.dirname(sys.executable), "mcp-shlink"),
        env={"SHLINK_BASE_URL": url, "SHLINK_API_KEY": key, "PATH": os.environ["PATH"]},
    )
    # What the server logs is no part of the object.
    with open(os.devnull, "w") as log:
        async with stdio_client(server, log) as streams, ClientSession(*streams) as session:
            await session.initialize()
            return await call_tools(session)


print(json.dumps(asyncio.run(main(*sys.argv[1:]))))
